"""The site: what MkDocs needs to turn an edition's pages into one."""

"""Runs experiments: plans what is not fresh, has it executed, and keeps what it measured."""

"""What templates call: values, figures, tables, samples, quotations, citations."""

"""The page: its rooms, one module each. The only code that knows Gradio."""

"""The JSON that clients read: pydantic models, each made from core values by one function."""

"""The processes of the agent: one decoder per camera, one for inference, and who watches them."""

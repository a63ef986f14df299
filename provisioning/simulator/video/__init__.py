"""Moving pictures of one simulated camera: a script of episodes, actors, cheap frames, ground truth."""

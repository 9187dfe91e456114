"""Pure rules of the main job: hours, limits, what a form must hold."""

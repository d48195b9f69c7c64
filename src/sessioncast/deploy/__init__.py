"""Files that run a show somewhere: written once, commented, for people to read and keep. None holds a secret."""

from sessioncast.deploy.places import WHERES, plan
from sessioncast.deploy.value import Place, Plan, Planned

__all__ = ["WHERES", "Place", "Plan", "Planned", "plan"]

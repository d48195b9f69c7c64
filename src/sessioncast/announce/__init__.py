"""Step 7 of the protocol, after deletions: tell the world what is public. Nothing here can fail a publish.

Machines (hubs, Podping, the Podcast Index, webhooks of shape ping) are told of every revision of the feed at least once. People are told of
a new talk at most once each: the intent is written down before anything is sent, and what may have arrived is never sent again.
"""

from sessioncast.announce.channels import Channel, channels, find, is_local
from sessioncast.announce.story import Announcer, Due, Told, forget
from sessioncast.announce.variables import needed, variables

__all__ = ["Announcer", "Channel", "Due", "Told", "channels", "find", "forget", "is_local", "needed", "variables"]

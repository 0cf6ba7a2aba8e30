"""Which process manager looks after which kind of case, and the name under which it runs."""

from models.vocabulary import Kind
from workflows.anchor import Anchor
from workflows.petition import Petition
from workflows.rectification import Rectification

BY_KIND = {Kind.PETITION: Petition, Kind.RECTIFICATION: Rectification}
WORKFLOWS = (Petition, Rectification, Anchor)
"""Everything a worker hosts."""

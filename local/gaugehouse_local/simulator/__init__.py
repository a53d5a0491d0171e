"""The upstream agencies on one machine: their exact formats, from a seeded climate, with faults to order.

`Simulator(agency)` serves a `ClimateAgency` (a made-up district) or a `FolderAgency` (real files);
`demo_world` is the district of the demo.
"""

from gaugehouse_local.simulator.agency import Agency, Document
from gaugehouse_local.simulator.answering import ReceivedRequest
from gaugehouse_local.simulator.climate import Climate, create_climate
from gaugehouse_local.simulator.demo import DemoWorld, demo_world
from gaugehouse_local.simulator.faults import Fault, FaultOrder
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.folder_agency import FolderAgency, FolderUnusable
from gaugehouse_local.simulator.mcfcd.paths import GAUGE_LIST, fopr_path
from gaugehouse_local.simulator.server import Simulator

__all__ = [
    "GAUGE_LIST",
    "Agency",
    "Climate",
    "ClimateAgency",
    "DemoWorld",
    "Document",
    "DocumentFault",
    "Fault",
    "FaultOrder",
    "FolderAgency",
    "FolderUnusable",
    "ReceivedRequest",
    "Simulator",
    "create_climate",
    "demo_world",
    "fopr_path",
]

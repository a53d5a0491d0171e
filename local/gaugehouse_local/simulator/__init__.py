"""The upstream agencies on one machine: their exact formats, from a seeded climate, with faults to order.

`Simulator(agency)` serves a `ClimateAgency` (a made-up district), a `FolderAgency` (real files), a
`UsgsAgency` (a made-up network of stream gauges), or several of them `Together`. `demo_world` is the world of
the demo. Faults that only the USGS's answers can have are in `usgs.answer_faults`.
"""

from gaugehouse_local.simulator.agency import Agency, Document, Request, Together
from gaugehouse_local.simulator.answering import ReceivedRequest
from gaugehouse_local.simulator.climate import Climate, create_climate
from gaugehouse_local.simulator.demo import DemoWorld, demo_world
from gaugehouse_local.simulator.faults import Fault, FaultOrder
from gaugehouse_local.simulator.mcfcd.climate_agency import ClimateAgency
from gaugehouse_local.simulator.mcfcd.document_faults import DocumentFault
from gaugehouse_local.simulator.mcfcd.folder_agency import FolderAgency, FolderUnusable
from gaugehouse_local.simulator.mcfcd.monthly_pdf_faults import MonthFault
from gaugehouse_local.simulator.mcfcd.paths import (
    GAUGE_LIST,
    fopr_path,
    monthly_pdf_path,
    water_year_path,
)
from gaugehouse_local.simulator.mcfcd.water_year_faults import BookFault
from gaugehouse_local.simulator.server import Simulator
from gaugehouse_local.simulator.usgs.network import Network, SimulatedReading, create_network
from gaugehouse_local.simulator.usgs.usgs_agency import UsgsAgency

__all__ = [
    "GAUGE_LIST",
    "Agency",
    "BookFault",
    "Climate",
    "ClimateAgency",
    "DemoWorld",
    "Document",
    "DocumentFault",
    "Fault",
    "FaultOrder",
    "FolderAgency",
    "FolderUnusable",
    "MonthFault",
    "Network",
    "ReceivedRequest",
    "Request",
    "SimulatedReading",
    "Simulator",
    "Together",
    "UsgsAgency",
    "create_climate",
    "create_network",
    "demo_world",
    "fopr_path",
    "monthly_pdf_path",
    "water_year_path",
]

"""Every network, under the name that Revela gives its architecture. All take the original programs' options by name."""

from dbsnl import Dbsnl
from nafnet import Nafnet
from restormer import Restormer
from rrdbnet import Rrdbnet
from span import Span
from student_unet import StudentUnet
from unet import Unet

architectures = {
    "dbsnl": Dbsnl,
    "nafnet": Nafnet,
    "restormer": Restormer,
    "rrdbnet": Rrdbnet,
    "span": Span,
    "student": StudentUnet,
    "unet": Unet,
}


def build(architecture, config):
    return architectures[architecture](**config)

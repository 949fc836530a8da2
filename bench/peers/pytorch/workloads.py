"""What PyTorch is measured at. Each function prepares a workload and returns what one measurement runs."""

import torch
from dbsnl import Dbsnl
from sdap import denoise, loss_by_loop, loss_stacked, random_sub_samples


def memory_format(layout):
    return torch.channels_last if layout == "channels_last" else torch.contiguous_format


def training(network, patch, batching, layout="channels_first"):
    model = Dbsnl(**network).to(memory_format=memory_format(layout))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)
    patches = torch.rand(1, 3, patch, patch)
    loss_of = {"loop": loss_by_loop, "stacked": loss_stacked}[batching]

    def run():
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(model, random_sub_samples(patches))
        loss.backward()
        optimiser.step()
        loss.item()

    return run


def inference(network, size, **options):
    model = Dbsnl(**network).eval()
    noisy = torch.rand(1, 3, size, size)
    single = options["pass"] == "single"

    def run():
        with torch.no_grad():
            model(noisy) if single else denoise(model, noisy)

    return run


def matmul(size, links):
    weight = (torch.rand(size, size) - 0.5) * (12 / size) ** 0.5
    start = torch.rand(size, size) - 0.5

    def run():
        product = start
        for _ in range(links):
            product = product @ weight

    return run


prepare = {"training": training, "inference": inference, "matmul": matmul}

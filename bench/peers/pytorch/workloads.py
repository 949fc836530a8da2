"""What PyTorch is measured at. Each function prepares a workload and returns what one measurement runs."""

import amsnet
import sdap
import sfd
import torch
from networks import build


def memory_format(layout):
    return torch.channels_last if layout == "channels_last" else torch.contiguous_format


def loss_function(method, batching):
    """(network, patches) -> loss"""
    if method == "amsnet":
        return amsnet.loss_on_hidden
    of_samples = {"loop": sdap.loss_by_loop, "stacked": sdap.loss_stacked}[batching]
    return lambda network, patches: of_samples(network, sdap.random_sub_samples(patches))


def optimiser_of(method, parameters):
    if method == "amsnet":
        return torch.optim.AdamW(parameters, lr=1e-4, weight_decay=0)
    return torch.optim.Adam(parameters, lr=1e-4)


def training(method, architecture, config, patch, batching=None, layout="channels_first"):
    model = build(architecture, config).to(memory_format=memory_format(layout))
    optimiser = optimiser_of(method, model.parameters())
    patches = torch.rand(1, 3, patch, patch)
    loss_of = loss_function(method, batching)

    def run():
        optimiser.zero_grad(set_to_none=True)
        loss = loss_of(model, patches)
        loss.backward()
        optimiser.step()
        loss.item()

    return run


def inference(architecture, config, size, **options):
    model = build(architecture, config).eval()
    noisy = torch.rand(1, 3, size, size)
    single = options["pass"] == "single"

    def run():
        with torch.no_grad():
            model(noisy) if single else sdap.denoise(model, noisy)

    return run


def sfd_step(architecture, config, clip, feature, prompt, weights, patch):
    game = sfd.Game(architecture, config, clip, feature, prompt, weights)
    low, high = (torch.rand(1, 3, side, side) for side in (patch // config["sf"], patch))
    return lambda: game.step(low, high)


def matmul(size, links):
    weight = (torch.rand(size, size) - 0.5) * (12 / size) ** 0.5
    start = torch.rand(size, size) - 0.5

    def run():
        product = start
        for _ in range(links):
            product = product @ weight

    return run


prepare = {
    "training": training,
    "sfd": sfd_step,
    "clip": sfd.clip_passes,
    "inference": inference,
    "matmul": matmul,
}

"""The PyTorch side of a comparison: prepares the workload in argv, then runs it once for every line "run"."""

import json
import os
import resource
import sys
from time import perf_counter

import torch
from workloads import prepare


def peak_bytes():
    """The largest resident set so far. The kernel's record in /proc is not mixed with that of the parent."""
    try:
        with open("/proc/self/status", encoding="utf8") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def seconds_of(run):
    start = perf_counter()
    run()
    return perf_counter() - start


def main():
    workload = json.loads(sys.argv[1])
    torch.manual_seed(0)
    torch.set_num_threads(workload.pop("threads"))
    # Numbers too small to be ordinary ones slow processors down; Revela's training rounds them to zero as well.
    torch.set_flush_denormal(True)
    run = prepare[workload.pop("kind")](**workload)
    with os.fdopen(3, "w") as answers:
        print(json.dumps({"threads": torch.get_num_threads()}), file=answers, flush=True)
        for line in sys.stdin:
            answer = {"seconds": seconds_of(run)} if line == "run\n" else {"peakBytes": peak_bytes()}
            print(json.dumps(answer), file=answers, flush=True)


main()

"""python3 non-local-means.py NOISY CLEAN OUTPUT: the best of OpenCV's non-local means for a picture, by PSNR, as OUTPUT.

Debian's python3-opencv. Prints the strength of brightness and of colour as JSON.
"""

import json
import sys

import cv2
import numpy

STRENGTHS = (1, 2, 3, 4, 6, 8, 10, 14, 20, 28)


def squared_error(a, b):
    return float(numpy.mean((a.astype(float) - b.astype(float)) ** 2))


noisy, clean = cv2.imread(sys.argv[1]), cv2.imread(sys.argv[2])
best = None
for luma in STRENGTHS:
    for chroma in (luma, 2 * luma):
        made = cv2.fastNlMeansDenoisingColored(noisy, None, luma, chroma, 7, 21)
        error = squared_error(made, clean)
        if best is None or error < best[0]:
            best = (error, luma, chroma, made)
cv2.imwrite(sys.argv[3], best[3])
print(json.dumps({"luma": best[1], "chroma": best[2]}))

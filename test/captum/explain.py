"""python explain.py NETWORK.onnx INPUT.npy TARGET OUT METHOD…: what captum attributes, as OUT/METHOD.npy.

A METHOD is a name of `METHODS`, with settings as `integrated-gradients:method=riemann_left,n_steps=20`.
"""
import sys
import numpy as np, torch
from captum import attr
from network import Network

METHODS = {
    "gradient": lambda net, x, k: attr.Saliency(net).attribute(x, target=k, abs=False),
    "gradient-x-input": lambda net, x, k: attr.InputXGradient(net).attribute(x, target=k),
    "guided-backprop": lambda net, x, k: attr.GuidedBackprop(net).attribute(x, target=k),
    "deconvnet": lambda net, x, k: attr.Deconvolution(net).attribute(x, target=k),
    "occlusion": lambda net, x, k, window, stride: attr.Occlusion(net).attribute(
        x, target=k, sliding_window_shapes=(x.shape[1], window, window), strides=(x.shape[1], stride, stride),
        perturbations_per_eval=8,
    ),
    "grad-cam": lambda net, x, k, layer: attr.LayerGradCam(net, net.layer(layer)).attribute(x, target=k),
    "guided-grad-cam": lambda net, x, k, layer: attr.GuidedGradCam(net, net.layer(layer)).attribute(
        x, target=k, interpolate_mode="bilinear"
    ),
    "integrated-gradients": lambda net, x, k, **settings: attr.IntegratedGradients(net).attribute(
        x, target=k, internal_batch_size=5, **{"n_steps": 50, **settings}
    ),
}


def setting(text):
    name, value = text.split("=")
    return name, int(value) if value.lstrip("-").isdigit() else float(value) if value[0].isdigit() else value


def main(path, input, target, out, *methods):
    torch.set_num_threads(2)
    net, x = Network(path), torch.from_numpy(np.load(input))
    print("score", float(net(x)[0, int(target)]))
    for asked in methods:
        name, _, settings = asked.partition(":")
        given = dict(setting(part) for part in settings.split(",") if part)
        found = METHODS[name](net, x, int(target), **given)
        np.save(f"{out}/{asked.replace('/', '-')}.npy", found.detach().numpy())


main(*sys.argv[1:])

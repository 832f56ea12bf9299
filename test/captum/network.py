"""An ONNX file as torch modules, on the file's own weights: what captum can explain."""
import onnx, torch, torch.nn as nn
from onnx import numpy_helper


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def padded(a, axes=2):
    pads = a.get("pads", [0] * 2 * axes)
    if pads[:axes] == pads[axes:]:
        return nn.Identity(), tuple(pads[:axes])
    top, left, bottom, right = pads
    return nn.ZeroPad2d((left, right, top, bottom)), (0, 0)


def convolution(node, a, w):
    kernel = w[node.input[1]]
    pad, padding = padded(a)
    groups = a.get("group", 1)
    conv = nn.Conv2d(
        kernel.shape[1] * groups, kernel.shape[0], kernel.shape[2:], tuple(a.get("strides", (1, 1))), padding,
        tuple(a.get("dilations", (1, 1))), groups, bias=len(node.input) > 2,
    )
    conv.weight.data.copy_(kernel)
    if len(node.input) > 2:
        conv.bias.data.copy_(w[node.input[2]])
    return nn.Sequential(pad, conv) if isinstance(pad, nn.ZeroPad2d) else conv


def max_pooling(node, a, w):
    _, padding = padded(a)
    return nn.MaxPool2d(tuple(a["kernel_shape"]), tuple(a["strides"]), padding, ceil_mode=bool(a.get("ceil_mode", 0)))


def gemm(node, a, w):
    kernel = w[node.input[1]] if a.get("transB", 0) else w[node.input[1]].T
    linear = nn.Linear(kernel.shape[1], kernel.shape[0], bias=len(node.input) > 2)
    linear.weight.data.copy_(kernel)
    if len(node.input) > 2:
        linear.bias.data.copy_(w[node.input[2]])
    return linear


class Clip(nn.Module):
    def __init__(self, low, high):
        super().__init__()
        self.low, self.high = float(low), float(high)

    def forward(self, x):
        return x.clamp(self.low, self.high)


class Add(nn.Module):
    def forward(self, a, b):
        return a + b


class Concat(nn.Module):
    def forward(self, *parts):
        return torch.cat(parts, 1)


class Reshape(nn.Module):
    def forward(self, x):
        return x.flatten(1)


MODULES = {
    "Conv": convolution,
    "MaxPool": max_pooling,
    "Gemm": gemm,
    "Relu": lambda node, a, w: nn.ReLU(),
    "Clip": lambda node, a, w: Clip(w[node.input[1]], w[node.input[2]]),
    "GlobalAveragePool": lambda node, a, w: nn.AdaptiveAvgPool2d(1),
    "Add": lambda node, a, w: Add(),
    "Concat": lambda node, a, w: Concat(),
    "Dropout": lambda node, a, w: nn.Identity(),
    "Identity": lambda node, a, w: nn.Identity(),
    "Flatten": lambda node, a, w: Reshape(),
    "Reshape": lambda node, a, w: Reshape(),
    "Squeeze": lambda node, a, w: Reshape(),
}


class Network(nn.Module):
    """The graph up to its scores: a softmax at the end is left out. `layer(name)` is the module that makes a tensor or node."""

    def __init__(self, path):
        super().__init__()
        graph = onnx.load(path).graph
        weights = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in graph.initializer}
        for node in graph.node:
            if node.op_type == "Constant":
                weights[node.output[0]] = torch.from_numpy(numpy_helper.to_array(node.attribute[0].t).copy())
        self.given = next(i.name for i in graph.input if i.name not in weights)
        self.steps, self.parts, self.names = [], nn.ModuleList(), {}
        for node in graph.node:
            if node.op_type in ("Constant", "Softmax"):
                continue
            module = MODULES[node.op_type](node, attributes(node), weights)
            inputs = [name for name in node.input if name and name not in weights]
            self.names[node.name] = self.names[node.output[0]] = len(self.parts)
            self.parts.append(module)
            self.steps.append((inputs, node.output[0]))
        for parameter in self.parameters():
            parameter.requires_grad_(False)
        self.eval()

    def layer(self, name):
        return self.parts[self.names[name]]

    def forward(self, x):
        values = {self.given: x}
        for part, (inputs, output) in zip(self.parts, self.steps):
            values[output] = part(*(values[name] for name in inputs))
        return values[output].flatten(1)

"""What torch-lucent's pictures reach: python lucent_pictures.py SQUEEZENET.onnx '{"fire5/concat": [0, 1]}' [--steps 512] [--size 224] [--seeds 1]

Prints JSON by layer and channel: the mean activation of the final picture as it is, without transforms, of so many seeds the mean. SqueezeNet v1.0 in levels of
255 less Caffe's mean, blue first. Needs torch, torchvision, torch-lucent, kornia, onnx.
"""
import argparse, json, sys, warnings
warnings.filterwarnings('ignore')
import numpy, onnx, torch, torch.nn as nn
from onnx import numpy_helper

try:  # some torch and torchvision wheels do not fit; only the schema of 'nms' is missed when torchvision is imported
    lib = torch.library.Library('torchvision', 'DEF')
    for n in ('nms', 'qnms'): lib.define(n + '(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')
except Exception: pass
import torchvision
import kornia, kornia.geometry.transform as KT
for n in ('get_rotation_matrix2d', 'warp_affine'):  # kornia moved them since lucent 0.1.8
    if not hasattr(kornia, n): setattr(kornia, n, getattr(KT, n))
from lucent.optvis import param, render, transform

PLACES = dict(zip(range(2, 10), (3, 4, 5, 7, 8, 9, 10, 12)))
MEAN = torch.tensor([104., 117., 123.]).view(1, 3, 1, 1)

def squeezenet(file):
    m = torchvision.models.squeezenet1_0(weights=None); m.classifier[1] = nn.Conv2d(512, 1000, 1, padding=1)
    w = {i.name: numpy_helper.to_array(i).copy() for i in onnx.load(file).graph.initializer}
    def put(conv, name):
        conv.weight.data.copy_(torch.from_numpy(w[name + '_w'])); conv.bias.data.copy_(torch.from_numpy(w[name + '_b']))
    put(m.features[0], 'conv1'); put(m.classifier[1], 'conv_final')
    for n, i in PLACES.items():
        for part, k in (('squeeze', 'conv1x1_1'), ('expand1x1', 'conv1x1_2'), ('expand3x3', 'conv3x3_2')):
            put(getattr(m.features[i], part), f'fire{n}/{k}')
    for x in m.modules():
        if isinstance(x, nn.ReLU): x.inplace = False
    return m.eval().requires_grad_(False)

ap = argparse.ArgumentParser(); ap.add_argument('model'); ap.add_argument('channels'); ap.add_argument('--steps', type=int, default=512)
ap.add_argument('--size', type=int, default=224); ap.add_argument('--seeds', type=int, default=1); A = ap.parse_args()
net = squeezenet(A.model); found = {}
prepare = lambda z: z.flip(1) * 255 - MEAN
for layer, channels in json.loads(A.channels).items():
    place = PLACES[int(layer.split('/')[0].removeprefix('fire'))]; found[layer] = {}
    for c in channels:
        each = []
        for seed in range(A.seeds):
            torch.manual_seed(seed); numpy.random.seed(seed)
            images = render.render_vis(net, f'features_{place}:{c}', lambda: param.image(A.size), transforms=list(transform.standard_transforms) + [prepare],
                                       preprocess=False, thresholds=(A.steps,), progress=False, show_image=False)
            x = prepare(torch.from_numpy(images[-1]).permute(0, 3, 1, 2).float())
            with torch.no_grad(): each.append(net.features[:place + 1](x)[0, c].mean().item())
            print(layer, c, seed, each[-1], file=sys.stderr, flush=True)
        found[layer][c] = sum(each) / len(each)
print(json.dumps(found))

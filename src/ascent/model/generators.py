"""Models that draw pictures and films and whose training compute is known: what undisclosed ones are compared with.

Facts as of March 2026. Parameters and compute: Epoch AI, Data on AI models, 2026 (CC BY 4.0). Which models are alike
enough, and the size of their frames: Wu for Epoch AI, Training compute and cost of MiniMax's and Z.ai's models, 2026.
"""

from typing import NamedTuple

SOURCE = "Epoch AI, Data on AI models, 2026; sizes of frames: Wu for Epoch AI, Training compute and cost, 2026"


class Generator(NamedTuple):
    """One model.

    parameters         number of them
    width, height      of a picture or frame, in pixels
    flop               training compute, all of it
    fine_tuning_flop   the part of it that was spent on top of the first training; 0 where none is told
    """

    name: str
    organization: str
    parameters: float
    width: int
    height: int
    flop: float
    fine_tuning_flop: float = 0.0

    @property
    def size(self) -> float:
        """Parameters times pixels."""
        return self.parameters * self.width * self.height

    @property
    def first_flop(self) -> float:
        """Compute of the first training, which is what sizes are compared with."""
        return self.flop - self.fine_tuning_flop


VIDEO = (
    Generator("Emu3.5", "BAAI", 3.41e10, 1280, 720, 9.86736e24, 2.78256e24),
    Generator("Wan 2.2 14B T2V", "Alibaba", 1.4e10, 1280, 720, 4.2e23),
    Generator("Seaweed-7B", "ByteDance", 7e09, 1280, 720, 9.0007697e23),
    Generator("GAIA-2", "Wayve", 8.685e09, 448, 960, 7.5609676e22),
    Generator("Cosmos-Transfer1-7B", "NVIDIA", 7e09, 1280, 704, 3.6059017e24, 2.2059017e24),
    Generator("Wan 2.1 14B I2V", "Alibaba", 1.4e10, 1280, 720, 2.5e23),
    Generator("Step-Video-T2V", "StepFun", 3e10, 768, 768, 4.1015808e24),
    Generator("Cosmos-Diffusion-14B-Video2World", "NVIDIA", 1.4e10, 1280, 704, 2.8e24),
    Generator("Cosmos-Predict1-7B-Video2World", "NVIDIA", 7e09, 1280, 704, 1.4e24),
    Generator("Cosmos-Predict1-14B-Video2World", "NVIDIA", 1.4e10, 1280, 704, 2.8e24),
    Generator("Hunyuan Video", "Tencent", 1.3e10, 1280, 720, 1.4814815e23),
    Generator("VASA-1", "Microsoft Research Asia", 229000000, 512, 512, 4.012416e19),
    Generator("Allegro", "Rhymes AI", 2.975e09, 720, 1280, 6.565847e22),
    Generator("Pyramid Flow", "PKU / Kuaishou", 2e09, 1280, 768, 7.67e21),
    Generator("Movie Gen Video", "Meta AI", 3e10, 1920, 1080, 1.65e24),
    Generator("Genie", "Google DeepMind", 1.07e10, 160, 90, 6.6e22),
    Generator("GAIA-1", "Wayve", 9e09, 288, 512, 1.1645338e22),
    Generator("NÜWA", "Microsoft Research / PKU", 870000000, 256, 256, 7.2459878e21),
)
IMAGE = (
    Generator("BigGAN-deep 512x512", "Google DeepMind", 112694781, 512, 512, 1.8e21),
    Generator("PIXART-α", "Huawei", 600000000, 1024, 1024, 1.54e21),
    Generator("DiT-XL/2", "Meta AI", 675000000, 256, 256, 6e20),
    Generator("NÜWA", "Microsoft Research / PKU", 870000000, 256, 256, 7.25e21),
    Generator("Meissonic", "", 1e09, 1024, 1024, 1.23e21),
    Generator("GigaGAN", "Adobe / CMU", 1e09, 512, 512, 3.87e22),
    Generator("Wuerstchen", "", 1e09, 1536, 1536, 8.29e21),
    Generator("MosaicML Diffusion", "MosaicML", 1.28995243e09, 512, 512, 1.07e22),
    Generator("RQ-Transformer (LSUN-cat)", "Seoul National University", 612000000, 256, 256, 2.91e18),
    Generator("RQ-Transformer (1.4B ImageNet)", "Seoul National University", 1.388e09, 256, 256, 1.06e20),
    Generator("RQ-Transformer (3.8B ImageNet)", "Seoul National University", 3.822e09, 256, 256, 2.91e20),
    Generator("Stable Diffusion (LDM-KL-8-G)", "CompVis / Stability AI", 1.45e09, 512, 512, 5e22),
    Generator("Lumina-Image-2.0", "Alpha-VLLM", 2.6e09, 1024, 1024, 4.78e21),
    Generator("DALL·E 2", "OpenAI", 3.5e09, 1024, 1024, 3.37e23),
    Generator("GLIDE", "OpenAI", 3.5e09, 256, 256, 4.7e22),
    Generator("Make-A-Scene", "Meta AI", 4e09, 512, 512, 6.42e21),
    Generator("CogView", "Zhipu / Tsinghua", 4e09, 480, 480, 2.68e22),
    Generator("CogView2", "Zhipu", 6e09, 480, 480, 2.27e22),
    Generator("Imagen", "Google", 7.762e09, 1024, 1024, 1.46e22),
    Generator("Stable Diffusion 3", "Stability AI", 8e09, 1024, 1024, 5e22),
    Generator("DALL-E", "OpenAI", 1.2e10, 256, 256, 4.7e22),
    Generator("ruDalle: Kandinsky 3.0", "AIRI", 1.19e10, 1024, 1024, 2.01e20),
    Generator("Parti", "Google", 2e10, 256, 256, 5.1e23),
    Generator("ERNIE-ViLG 2.0", "Baidu", 2.4e10, 1024, 1024, 4.66e22),
)

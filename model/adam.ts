const MOMENTUM = 0.9;
const MEMORY = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma & Ba, 2015) on `weights`, in place; each call takes one step along a gradient. */
export function makeAdam(
  weights: Float64Array,
  l2: number,
): (gradient: Float64Array, learningRate: number) => void {
  const first = new Float64Array(weights.length);
  const second = new Float64Array(weights.length);
  let step = 0;
  return (gradient, learningRate) => {
    step++;
    const correction1 = 1 - MOMENTUM ** step;
    const correction2 = 1 - MEMORY ** step;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i] ?? 0;
      const slope = (gradient[i] ?? 0) + l2 * weight;
      const m = MOMENTUM * (first[i] ?? 0) + (1 - MOMENTUM) * slope;
      const v = MEMORY * (second[i] ?? 0) + (1 - MEMORY) * slope * slope;
      first[i] = m;
      second[i] = v;
      weights[i] = weight - (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + EPSILON);
    }
  };
}

// One instruction-set level; see Note [Instruction-set levels]. GRADTAPE_LEVEL names it, GRADTAPE_VECTOR_BYTES is the
// width of its registers.
#include "autograd/kernels/levels.h"

namespace gradtape::kernels::GRADTAPE_LEVEL {

#include "autograd/kernels/level/gemm.inc"
#include "autograd/kernels/level/optimizer.inc"

#define GRADTAPE_TEXT2(x) #x
#define GRADTAPE_TEXT(x) GRADTAPE_TEXT2(x)
extern const Level kLevel;
const Level kLevel = {
    GRADTAPE_TEXT(GRADTAPE_LEVEL), gemm<float>, gemm<double>, sgd<float>, sgd<double>, adam<float>, adam<double>};

}  // namespace gradtape::kernels::GRADTAPE_LEVEL

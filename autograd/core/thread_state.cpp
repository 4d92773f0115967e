#include "autograd/core/thread_state.h"

#include <limits>

namespace gradtape::core {

__thread ThreadState tls = {
    true, false, false, false, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), 0};

}  // namespace gradtape::core

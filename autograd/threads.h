#pragma once

namespace gradtape {

// Threads that one operation may use, the caller's included. At first what the environment variable
// GRADTAPE_NUM_THREADS or else OMP_NUM_THREADS says, or the number of processors that this process may run on.
// Results do not depend on it. Error unless positive. Holds for the whole process.
void set_num_threads(int threads);
int get_num_threads();

}  // namespace gradtape

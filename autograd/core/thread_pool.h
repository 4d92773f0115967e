#pragma once
#include <cstdint>

namespace gradtape::core {

// Note [Thread pool]
// Workers start at the first job that wants them, sleep between jobs, and are never joined: global tensors may be used
// after static destructors began. A job is a number of blocks; who is free takes the next one. One job runs at a time:
// a second thread's, or one from inside a block, is done by its caller alone. A forked child starts without workers.
// The blocks of a job are fixed by the problem, so that threads change who computes, never what.

// body(context, block) for every block in [0, blocks). The first exception of any block is thrown to the caller.
void run_blocks(std::int64_t blocks, void (*body)(void*, std::int64_t), void* context);

// Blocks that workers, not callers, have done since the start.
std::int64_t worker_blocks() noexcept;

}  // namespace gradtape::core

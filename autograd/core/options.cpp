#include "autograd/options.h"

#include <cstdlib>
#include <cstring>
#include <ostream>

#include "autograd/error.h"

namespace gradtape {

Device::Device(const char* text) : type_(kCPU), index_(-1) {
  const bool cpu = std::strncmp(text, "cpu", 3) == 0;
  const char* rest = text + (cpu ? 3 : 4);
  if (cpu || std::strncmp(text, "cuda", 4) == 0) {
    type_ = cpu ? kCPU : kCUDA;
    if (*rest == 0) return;
    char* end = nullptr;
    const long n = *rest == ':' && rest[1] >= '0' && rest[1] <= '9' ? std::strtol(rest + 1, &end, 10) : 128;
    index_ = static_cast<int>(n);
    if (n < 128 && *end == 0) return;
  }
  fail("Device", "unknown device \"", text, "\"; need \"cpu\", \"cuda\" or \"cuda:0\"");
}

std::string Device::str() const {
  return (is_cpu() ? "cpu" : "cuda") + (has_index() ? ":" + std::to_string(index_) : std::string());
}

std::ostream& operator<<(std::ostream& out, Device d) { return out << d.str(); }
std::ostream& operator<<(std::ostream& out, Layout) { return out << "Strided"; }

std::ostream& operator<<(std::ostream& out, const TensorOptions& o) {
  const auto or_default = [](bool set) { return set ? "" : " (default)"; };
  return out << "TensorOptions(dtype=" << o.dtype() << or_default(o.has_dtype()) << ", device=" << o.device()
             << or_default(o.has_device())
             << ", layout=Strided (default), requires_grad=" << (o.requires_grad() ? "true" : "false (default)")
             << ", pinned_memory=false (default), memory_format=(nullopt))";
}

}  // namespace gradtape

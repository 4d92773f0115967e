#include "nn/ordered_dict.h"

#include "autograd/error.h"
#include "nn/module.h"

namespace gradtape {
namespace detail {

void dict_error(const std::string& description, const std::string& key, const char* problem) {
  gradtape::fail("OrderedDict", description, " '", key, "' ", problem);
}
void dict_index_error(const std::string& description, std::size_t index, std::size_t size) {
  gradtape::fail<IndexError>("OrderedDict", "index ", static_cast<std::int64_t>(index), " is out of range: there are ",
                             static_cast<std::int64_t>(size), " entries (", description, ")");
}

}  // namespace detail

template class OrderedDict<std::string, Tensor>;
template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

}  // namespace gradtape

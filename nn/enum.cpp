#include "nn/enum.h"

namespace gradtape::enumtype {

const char* name_of(Id id) noexcept {
  static const char* const names[] = {
#define GRADTAPE_CHOICE(name) "k" #name,
      GRADTAPE_CHOICES(GRADTAPE_CHOICE)
#undef GRADTAPE_CHOICE
  };
  return names[static_cast<unsigned>(id)];
}

}  // namespace gradtape::enumtype

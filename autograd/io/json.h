#pragma once
// As much JSON (RFC 8259) as the headers of files need.
#include <string>
#include <utility>
#include <vector>

namespace gradtape::io {

struct Json {
  enum class Kind { Null, Bool, Number, String, Array, Object };
  Kind kind = Kind::Null;
  double number = 0;  // also of true
  std::string text;
  std::vector<std::pair<std::string, Json>> items;  // of an object in its order; of an array without names

  const Json* find(const std::string& key) const;
};
// Throws in the name of `op` and `file` with the place of what is wrong.
Json parse_json(const char* op, const std::string& file, const std::string& text);
// In quotes, with escapes.
std::string json_text(const std::string& s);

}  // namespace gradtape::io

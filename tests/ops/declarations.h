#pragma once
// The names that the public headers declare, read from their text with macros expanded.
#include <map>
#include <string>

namespace gradtape::table {

// Functions of namespace at in autograd/ops_*.h, and methods in autograd/methods_*.inc, each with its file.
const std::map<std::string, std::string>& declared_functions();
const std::map<std::string, std::string>& declared_methods();
// The names that `text` declares in namespace gradtape::at, or at its outermost level.
std::map<std::string, std::string> declarations_in(const std::string& text, bool in_namespace, const std::string& file);

}  // namespace gradtape::table

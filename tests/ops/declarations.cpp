#include "declarations.h"

#include <cctype>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

namespace gradtape::table {
namespace {

struct Macro {
  std::vector<std::string> parameters;
  std::string body;
};
using Macros = std::map<std::string, Macro>;

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
std::string trimmed(const std::string& s) {
  const auto first = s.find_first_not_of(" \t\n"), last = s.find_last_not_of(" \t\n");
  return first == std::string::npos ? "" : s.substr(first, last - first + 1);
}
// The place behind the bracket that closes the one at `open`.
std::size_t behind(const std::string& s, std::size_t open) {
  const char opening = s[open], closing = opening == '(' ? ')' : '}';
  int depth = 0;
  for (std::size_t i = open; i < s.size(); ++i) {
    depth += (s[i] == opening) - (s[i] == closing);
    if (depth == 0) return i + 1;
  }
  return s.size();
}

// f(name, place behind it) gives what stands for the name and sets where to go on.
template <class F>
std::string with_names(const std::string& text, F f) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (!in_name(text[i])) {
      out += text[i++];
      continue;
    }
    const std::size_t start = i;
    while (i < text.size() && in_name(text[i])) ++i;
    out += f(text.substr(start, i - start), i);
  }
  return out;
}

std::vector<std::string> arguments_of(const std::string& inside) {
  std::vector<std::string> all(1);
  int depth = 0;
  for (char c : inside) {
    depth += (c == '(') - (c == ')');
    if (c == ',' && depth == 0) {
      all.emplace_back();
    } else {
      all.back() += c;
    }
  }
  for (std::string& a : all) a = trimmed(a);
  return all;
}

std::string expanded(const std::string& text, const Macros& macros) {
  return with_names(text, [&](const std::string& name, std::size_t& next) {
    const auto m = macros.find(name);
    if (m == macros.end() || next >= text.size() || text[next] != '(') return name;
    const std::size_t end = behind(text, next);
    const auto given = arguments_of(text.substr(next + 1, end - next - 2));
    next = end;
    std::string body = with_names(m->second.body, [&](const std::string& word, std::size_t&) {
      for (std::size_t k = 0; k < m->second.parameters.size() && k < given.size(); ++k)
        if (m->second.parameters[k] == word) return given[k];
      return word;
    });
    body = std::regex_replace(body, std::regex("\\s*##\\s*"), "");
    return expanded(body, macros);
  });
}

std::string without_comments(const std::string& text) {
  const std::string joined = std::regex_replace(text, std::regex("\\\\\n"), " ");
  return std::regex_replace(joined, std::regex("//[^\n]*|/\\*[^*]*\\*+(?:[^/*][^*]*\\*+)*/"), " ");
}

// Text without directives, its macros expanded; what it defines is added to `macros`.
std::string preprocessed(const std::string& text, Macros& macros) {
  static const std::regex define("\\s*#\\s*define\\s+(\\w+)\\(([^)]*)\\)(.*)"), undef("\\s*#\\s*undef\\s+(\\w+).*");
  std::string out, pending;
  std::istringstream in(without_comments(text));
  for (std::string line; std::getline(in, line);) {
    if (trimmed(line).rfind('#', 0) != 0) {
      pending += line + "\n";
      continue;
    }
    out += expanded(pending, macros);
    pending.clear();
    std::smatch m;
    if (std::regex_match(line, m, define)) macros[m[1]] = {arguments_of(m[2]), m[3]};
    if (std::regex_match(line, m, undef)) macros.erase(m[1]);
  }
  return out + expanded(pending, macros);
}

void collect(const std::string& text, bool in_namespace, const std::string& file,
             std::map<std::string, std::string>& out) {
  static const std::regex function("(\\w+)\\s*\\("), skipped("\\boperator\\b|\\busing\\b|\\btypedef\\b"),
      block("^(inline |typedef |static |constexpr )*(enum|struct|class|namespace|template)\\b");
  std::string statement;
  const auto end_statement = [&] {
    std::smatch m;
    if (!in_namespace && !std::regex_search(statement, skipped) && std::regex_search(statement, m, function))
      out.emplace(m[1], file);
    statement.clear();
  };
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '(') {  // default arguments may hold braces
      const std::size_t end = behind(text, i);
      statement += text.substr(i, end - i);
      i = end;
    } else if (c == '{') {
      const std::size_t end = behind(text, i);
      const std::string head = trimmed(statement);
      if (in_namespace && head == "namespace gradtape::at") collect(text.substr(i + 1, end - i - 2), false, file, out);
      if (std::regex_search(head, block)) statement.clear();
      end_statement();
      i = end;
    } else {
      if (c == ';') {
        end_statement();
      } else {
        statement += c;
      }
      ++i;
    }
  }
}

std::string file_text(const std::filesystem::path& p) {
  std::ifstream in(p);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, std::string> declared(const std::string& prefix, const std::string& extension) {
  const std::filesystem::path folder = std::filesystem::path(GRADTAPE_SOURCE_DIR) / "autograd";
  Macros shared;
  for (const char* lists : {"tensor.h", "binary_list.h"}) preprocessed(file_text(folder / lists), shared);
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(prefix, 0) != 0 || entry.path().extension() != extension) continue;
    Macros macros = shared;
    collect(preprocessed(file_text(entry.path()), macros), extension == ".h", name, out);
  }
  return out;
}

}  // namespace

const std::map<std::string, std::string>& declared_functions() {
  static const auto names = declared("ops_", ".h");
  return names;
}
const std::map<std::string, std::string>& declared_methods() {
  static const auto names = declared("methods_", ".inc");
  return names;
}
std::map<std::string, std::string> declarations_in(const std::string& text, bool in_namespace,
                                                   const std::string& file) {
  Macros macros;
  std::map<std::string, std::string> out;
  collect(preprocessed(text, macros), in_namespace, file, out);
  return out;
}

}  // namespace gradtape::table

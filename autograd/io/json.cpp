#include "autograd/io/json.h"

#include <cstdio>
#include <cstdlib>

#include "autograd/error.h"

namespace gradtape::io {
namespace {

constexpr int kDeepest = 64;

class Parser {
 public:
  Parser(const char* op, const std::string& file, const std::string& text) : op_(op), file_(file), text_(text) {}
  Json whole() {
    Json v = value(0);
    blanks();
    if (at_ != text_.size()) wrong("the end");
    return v;
  }

 private:
  [[noreturn]] void wrong(const char* expected) const {
    fail<ValueError>(op_, file_, ": its header is damaged: expected ", expected, " at byte ",
                     static_cast<std::int64_t>(at_));
  }
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  bool take(char c) {
    blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(const char* word) {
    const std::string w = word;
    if (text_.compare(at_, w.size(), w) != 0) return false;
    at_ += w.size();
    return true;
  }

  Json value(int depth) {
    if (depth > kDeepest) wrong("less nesting");
    blanks();
    Json v;
    if (take('{')) {
      v.kind = Json::Kind::Object;
      if (take('}')) return v;
      do {
        blanks();
        std::string key = string();
        if (!take(':')) wrong("':'");
        v.items.emplace_back(std::move(key), value(depth + 1));
      } while (take(','));
      if (!take('}')) wrong("',' or '}'");
    } else if (take('[')) {
      v.kind = Json::Kind::Array;
      if (take(']')) return v;
      do {
        v.items.emplace_back(std::string(), value(depth + 1));
      } while (take(','));
      if (!take(']')) wrong("',' or ']'");
    } else if (at_ < text_.size() && text_[at_] == '"') {
      v.kind = Json::Kind::String;
      v.text = string();
    } else if (take_word("true") || take_word("false")) {
      v.kind = Json::Kind::Bool;
      v.number = text_[at_ - 2] == 'u' ? 1 : 0;
    } else if (!take_word("null")) {
      v.kind = Json::Kind::Number;
      const char* begin = text_.c_str() + at_;
      char* end = nullptr;
      v.number = std::strtod(begin, &end);
      if (end == begin) wrong("a value");
      at_ += static_cast<std::size_t>(end - begin);
    }
    return v;
  }

  unsigned hexadecimal() {
    unsigned v = 0;
    for (int k = 0; k < 4; ++k) {
      const char c = at_ < text_.size() ? text_[at_++] : 0;
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) wrong("four hexadecimal digits");
      v = v * 16 + static_cast<unsigned>(digit);
    }
    return v;
  }
  static void put(std::string& s, unsigned c) {
    if (c < 0x80) {
      s += static_cast<char>(c);
    } else if (c < 0x800) {
      s += static_cast<char>(0xc0 | (c >> 6));
      s += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      s += static_cast<char>(0xe0 | (c >> 12));
      s += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      s += static_cast<char>(0x80 | (c & 0x3f));
    } else {
      s += static_cast<char>(0xf0 | (c >> 18));
      s += static_cast<char>(0x80 | (c >> 12 & 0x3f));
      s += static_cast<char>(0x80 | (c >> 6 & 0x3f));
      s += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  std::string string() {
    if (at_ >= text_.size() || text_[at_] != '"') wrong("a string");
    ++at_;
    std::string s;
    for (;;) {
      if (at_ >= text_.size()) wrong("'\"'");
      const char c = text_[at_++];
      if (c == '"') return s;
      if (c != '\\') {
        s += c;
        continue;
      }
      const char e = at_ < text_.size() ? text_[at_++] : 0;
      switch (e) {
        case 'b':
          s += '\b';
          break;
        case 'f':
          s += '\f';
          break;
        case 'n':
          s += '\n';
          break;
        case 'r':
          s += '\r';
          break;
        case 't':
          s += '\t';
          break;
        case '"':
        case '\\':
        case '/':
          s += e;
          break;
        case 'u': {
          unsigned code = hexadecimal();
          if (code >= 0xd800 && code < 0xdc00 && take_word("\\u")) {
            const unsigned low = hexadecimal();
            if (low < 0xdc00 || low > 0xdfff) wrong("the second half of a character");
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
          }
          put(s, code);
          break;
        }
        default:
          wrong("an escape");
      }
    }
  }

  const char* op_;
  const std::string& file_;
  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

const Json* Json::find(const std::string& key) const {
  for (const auto& item : items)
    if (item.first == key) return &item.second;
  return nullptr;
}
Json parse_json(const char* op, const std::string& file, const std::string& text) {
  return Parser(op, file, text).whole();
}
std::string json_text(const std::string& s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace gradtape::io

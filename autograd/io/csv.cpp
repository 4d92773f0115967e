// Comma-separated numbers.
#include <charconv>
#include <string_view>

#include "autograd/error.h"
#include "autograd/io.h"
#include "autograd/io/file.h"
#include "autograd/ops.h"

namespace gradtape {
namespace {

constexpr const char* kOp = "read_csv";

struct Place {
  const std::string& path;
  std::int64_t line;
};

template <class... Parts>
[[noreturn]] void fail_at(const Place& p, std::int64_t column, const Parts&... parts) {
  if (column > 0) fail<ValueError>(kOp, p.path, ", line ", p.line, ", column ", column, ": ", parts...);
  fail<ValueError>(kOp, p.path, ", line ", p.line, ": ", parts...);
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
std::string_view trimmed(std::string_view s, char delimiter) {
  while (!s.empty() && is_blank(s.front()) && s.front() != delimiter) s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back()) && s.back() != delimiter) s.remove_suffix(1);
  return s;
}

// Cuts the next field off `line`; a quoted field that holds "" is put together in `buffer`. False at the end.
class Fields {
 public:
  Fields(std::string_view line, char delimiter, const Place& place)
      : rest_(line), delimiter_(delimiter), place_(place) {}

  bool next(std::string_view& field) {
    if (done_) return false;
    ++column_;
    std::string_view start = rest_;
    while (!start.empty() && is_blank(start.front()) && start.front() != delimiter_) start.remove_prefix(1);
    if (!start.empty() && start.front() == '"') {
      field = quoted(start.substr(1));
      return true;
    }
    const std::size_t end = rest_.find(delimiter_);
    field = trimmed(rest_.substr(0, end), delimiter_);
    advance(rest_, end);
    return true;
  }
  std::int64_t column() const { return column_; }

 private:
  void advance(std::string_view from, std::size_t end) {
    done_ = end == std::string_view::npos;
    rest_ = done_ ? std::string_view() : from.substr(end + 1);
  }
  std::string_view quoted(std::string_view s) {
    buffer_.clear();
    for (;;) {
      const std::size_t end = s.find('"');
      if (end == std::string_view::npos) fail_at(place_, column_, "a quote is not closed");
      buffer_ += s.substr(0, end);
      s.remove_prefix(end + 1);
      if (s.empty() || s.front() != '"') break;
      buffer_ += '"';
      s.remove_prefix(1);
    }
    const std::size_t end = s.find(delimiter_);
    if (!trimmed(s.substr(0, end), delimiter_).empty()) fail_at(place_, column_, "text follows a closing quote");
    advance(s, end);
    return buffer_;
  }

  std::string_view rest_;
  char delimiter_;
  Place place_;
  std::int64_t column_ = 0;
  bool done_ = false;
  std::string buffer_;
};

std::errc parse(std::string_view text, double& value) {
  if (text.size() > 1 && text.front() == '+' && text[1] != '-') text.remove_prefix(1);
  const auto r = std::from_chars(text.data(), text.data() + text.size(), value);
  if (r.ec == std::errc() && r.ptr != text.data() + text.size()) return std::errc::invalid_argument;
  return r.ec;
}

// Lines that are not empty, with their numbers.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.substr(0, 3) == "\xef\xbb\xbf") rest_.remove_prefix(3);
  }
  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      const std::size_t end = rest_.find('\n');
      line = rest_.substr(0, end);
      rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
      ++number_;
      if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
      if (!trimmed(line, '\0').empty()) return true;
    }
    return false;
  }
  std::int64_t number() const { return number_; }

 private:
  std::string_view rest_;
  std::int64_t number_ = 0;
};

struct Count {
  std::int64_t fields = 0, numbers = 0;
};
Count count(std::string_view line, char delimiter, const Place& place) {
  Count c;
  Fields fields(line, delimiter, place);
  std::string_view field;
  double ignored = 0;
  while (fields.next(field)) {
    ++c.fields;
    c.numbers += parse(field, ignored) != std::errc::invalid_argument;
  }
  return c;
}

bool has_header(const std::string& text, const std::string& path, const CsvOptions& o) {
  if (o.header != CsvHeader::Auto) return o.header == CsvHeader::First;
  Lines lines(text);
  std::string_view line;
  if (!lines.next(line)) return false;
  const Count first = count(line, o.delimiter, {path, lines.number()});
  if (first.numbers == 0) return true;
  if (first.numbers == first.fields || !lines.next(line)) return false;
  return count(line, o.delimiter, {path, lines.number()}).fields != first.fields;
}

}  // namespace

CsvTable read_csv(const std::string& path, const CsvOptions& o) {
  check<TypeError>(o.dtype == kFloat64 || o.dtype == kFloat32, kOp, "dtype must be float64 or float32, got ", o.dtype);
  const char d = o.delimiter;
  check<ValueError>(d != '"' && d != '\n' && d != '\r' && d != '.' && d != '-' && d != '+' && !(d >= '0' && d <= '9'),
                    kOp, "the delimiter must not be part of a number, a quote or a line break, got '",
                    std::string(1, d), "'");
  const std::string text = io::read_file(kOp, path);
  CsvTable table;
  Lines lines(text);
  std::string_view line, field;
  if (has_header(text, path, o) && lines.next(line)) {
    Fields fields(line, d, {path, lines.number()});
    while (fields.next(field)) table.header.emplace_back(field);
  }
  std::vector<double> values;
  std::int64_t rows = 0, columns = 0, first_line = 0;
  while (lines.next(line)) {
    const Place place{path, lines.number()};
    Fields fields(line, d, place);
    while (fields.next(field)) {
      double v = 0;
      const std::errc e = parse(field, v);
      if (e == std::errc::result_out_of_range)
        fail_at(place, fields.column(), "'", std::string(field), "' is out of the range of float64");
      if (e != std::errc() && field.empty()) fail_at(place, fields.column(), "the field is empty; need a number");
      if (e != std::errc()) fail_at(place, fields.column(), "'", std::string(field), "' is not a number");
      values.push_back(v);
    }
    if (rows == 0) columns = fields.column(), first_line = lines.number();
    if (fields.column() != columns)
      fail_at(place, 0, fields.column(), fields.column() == 1 ? " field" : " fields", " where line ", first_line,
              " has ", columns);
    ++rows;
  }
  check<ValueError>(rows > 0, kOp, path, " holds no line of numbers");
  Tensor y = empty({rows, columns}, kFloat64);
  std::copy(values.begin(), values.end(), static_cast<double*>(y.data_ptr()));
  table.values = y.to(o.dtype);
  return table;
}

}  // namespace gradtape

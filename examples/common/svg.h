#pragma once
// A line chart as an SVG file.
#include <gradtape/gradtape.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace examples {

struct Curve {
  std::string name, color;
  std::vector<double> y;  // at x = 1, 2, ..
};

namespace detail {

// 1, 2 or 5 times a power of ten, so that `range` has about `steps` of them.
inline double nice_step(double range, int steps) {
  const double raw = range / steps, power = std::pow(10, std::floor(std::log10(raw)));
  for (double f : {1.0, 2.0, 5.0})
    if (f * power >= raw) return f * power;
  return 10 * power;
}

inline std::string escaped(const std::string& s) {
  std::string out;
  for (char c : s) out += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return out;
}

template <class... Values>
void append(std::string& out, const char* format, Values... values) {
  char line[512];
  const int n = std::snprintf(line, sizeof line, format, values...);
  out.append(line, static_cast<std::size_t>(std::clamp(n, 0, static_cast<int>(sizeof line) - 1)));
}

}  // namespace detail

// Curves over the epochs 1, 2, .., y axis from 0.
inline void write_line_chart(const std::string& path, const std::string& title, const std::string& y_name,
                             const std::vector<Curve>& curves) {
  constexpr double kWidth = 720, kHeight = 420, kLeft = 64, kRight = 24, kTop = 78, kBottom = 52;
  double top = 0;
  std::size_t n = 1;
  for (const Curve& c : curves) {
    n = std::max(n, c.y.size());
    for (double v : c.y) top = std::max(top, v);
  }
  const double y_step = detail::nice_step(top > 0 ? top : 1, 6), y_end = std::ceil(top / y_step) * y_step;
  const double epochs = static_cast<double>(n), x_step = std::max(1.0, detail::nice_step(epochs, 10));
  const auto x_of = [&](double x) {
    return kLeft + (kWidth - kLeft - kRight) * (epochs > 1 ? (x - 1) / (epochs - 1) : 0.5);
  };
  const auto y_of = [&](double y) { return kHeight - kBottom - (kHeight - kTop - kBottom) * y / y_end; };

  std::string s;
  detail::append(s,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %g %g\" width=\"%g\" height=\"%g\" "
                 "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#333\">\n",
                 kWidth, kHeight, kWidth, kHeight);
  s += "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  s += "<text x=\"24\" y=\"30\" font-size=\"17\" font-weight=\"bold\">" + detail::escaped(title) + "</text>\n";
  double legend = kLeft;
  for (const Curve& c : curves) {
    detail::append(s, "<line x1=\"%g\" y1=\"53\" x2=\"%g\" y2=\"53\" stroke=\"%s\" stroke-width=\"3\"/>", legend,
                   legend + 22, c.color.c_str());
    detail::append(s, "<text x=\"%g\" y=\"57\">", legend + 28);
    s += detail::escaped(c.name) + "</text>\n";
    legend += 52 + 7.2 * static_cast<double>(c.name.size());
  }
  for (int i = 0; i * y_step <= y_end * (1 + 1e-9); ++i) {
    const double y = y_of(i * y_step);
    detail::append(s, "<line x1=\"%g\" y1=\"%.1f\" x2=\"%g\" y2=\"%.1f\" stroke=\"%s\"/>", kLeft, y, kWidth - kRight, y,
                   i ? "#e4e4e4" : "#888");
    detail::append(s, "<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%g</text>\n", kLeft - 8, y + 4.5, i * y_step);
  }
  const auto x_tick = [&](double x) {
    detail::append(s, "<line x1=\"%.1f\" y1=\"%g\" x2=\"%.1f\" y2=\"%g\" stroke=\"#888\"/>", x_of(x), kHeight - kBottom,
                   x_of(x), kHeight - kBottom + 5);
    detail::append(s, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%g</text>\n", x_of(x), kHeight - kBottom + 20,
                   x);
  };
  x_tick(1);
  for (double x = x_step; x <= epochs; x += x_step)
    if (x > 1) x_tick(x);
  detail::append(s, "<text x=\"%g\" y=\"%g\" text-anchor=\"middle\">epoch</text>\n", (kLeft + kWidth - kRight) / 2,
                 kHeight - 12);
  detail::append(s, "<text transform=\"translate(18 %g) rotate(-90)\" text-anchor=\"middle\">",
                 (kTop + kHeight - kBottom) / 2);
  s += detail::escaped(y_name) + "</text>\n";
  for (const Curve& c : curves) {
    s += "<polyline fill=\"none\" stroke=\"" + c.color + "\" stroke-width=\"2\" stroke-linejoin=\"round\" points=\"";
    for (std::size_t i = 0; i < c.y.size(); ++i)
      detail::append(s, "%.1f,%.1f ", x_of(static_cast<double>(i + 1)), y_of(c.y[i]));
    s += "\"/>\n";
  }
  s += "</svg>\n";

  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file && std::fwrite(s.data(), 1, s.size(), file) == s.size();
  const bool closed = file && std::fclose(file) == 0;
  gradtape::check(written && closed, "write_line_chart", "cannot write ", path);
}

}  // namespace examples

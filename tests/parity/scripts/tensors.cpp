// Tensors, views, broadcasting, promotion, indexing, errors.
#include "scripts.h"

namespace {

using torch::Tensor;
using namespace torch::indexing;

const std::vector<torch::Dtype> kTypes = {torch::kFloat32, torch::kFloat64, torch::kInt64,
                                          torch::kInt32,   torch::kUInt8,   torch::kBool};

void factories(Report& r) {
  r.section("factory");
  r.same("zeros", torch::zeros({2, 3}));
  r.same("ones", torch::ones({3}, torch::kInt64));
  r.same("full int", torch::full({2}, 7));
  r.same("full double", torch::full({2}, 7.5));
  r.same("full bool", torch::full({2}, true));
  r.same("full typed", torch::full({2, 2}, 3, torch::kFloat64));
  r.same("eye", torch::eye(3));
  r.same("eye 2 4", torch::eye(2, 4, torch::kInt32));
  r.same("arange", torch::arange(5));
  r.same("arange double", torch::arange(0.5, 3.0, 0.25));
  r.same("arange float end", torch::arange(3.0));
  r.same("arange down", torch::arange(5, -5, -3));
  r.same("arange empty", torch::arange(0));
  r.sums("linspace", torch::linspace(-1, 1, 7));
  r.sums("linspace double", torch::linspace(0, 0.7, 11, torch::kFloat64));
  r.same("linspace one", torch::linspace(3, 9, 1));
  r.same("scalar", torch::tensor(2.5));
  r.same("scalar int", torch::tensor(3));
  r.same("scalar bool", torch::tensor(true));
  r.same("list", torch::tensor({1, 2, 3}));
  r.same("list double", torch::tensor({1.5, 2.0}));
  r.same("nested", torch::tensor({{1, 2}, {3, 4}}));
  r.same("nested typed", torch::tensor({{1.0, 2.0}, {3.0, 4.0}}, torch::kFloat64));
  r.same("nested 3", torch::tensor({{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}}));
  r.same("vector float", torch::tensor(std::vector<float>{1, 2}));
  r.same("vector double", torch::tensor(std::vector<double>{1, 2}));
  r.same("vector int64", torch::tensor(std::vector<std::int64_t>{1, 2}));
  r.same("vector uint8", torch::tensor(std::vector<std::uint8_t>{1, 255}));
  r.same("empty list", torch::tensor(std::vector<float>{}));
  r.same("requires grad", torch::ones({2}, torch::requires_grad()));
  r.same("options", torch::zeros({2}, torch::dtype(torch::kFloat64).requires_grad(true)));
  r.same("tensor requires grad", torch::tensor({1.0, 2.0}, torch::requires_grad()));
  r.same("zeros_like", torch::zeros_like(torch::ones({2, 2}, torch::kInt64)));
  r.same("ones_like", torch::ones_like(torch::ones({2, 2}), torch::kFloat64));
  r.same("full_like", torch::full_like(torch::ones({2}, torch::kInt64), 2.7));
  r.same("scalar_tensor", torch::scalar_tensor(3));
  float memory[6] = {1, 2, 3, 4, 5, 6};
  r.same("from_blob", torch::from_blob(memory, {2, 3}));
  r.same("from_blob strides", torch::from_blob(memory, {2, 2}, {1, 3}));
  const Tensor shared = torch::from_blob(memory, {6});
  shared.add_(1);
  r.text("from_blob shares", memory[0] == 2 ? "yes" : "no");
  r.throws("tensor ragged", [] { torch::tensor({{1, 2}, {3}}); });
  r.throws("zeros negative", [] { torch::zeros({2, -1}); });
  r.throws("arange wrong way", [] { torch::arange(0, 5, -1); });
  r.throws("arange zero step", [] { torch::arange(0, 5, 0); });
  r.throws("linspace negative", [] { torch::linspace(0, 1, -1); });
  r.throws("int requires grad", [] { torch::ones({2}, torch::kInt64).requires_grad_(); });
  r.throws("int options requires grad", [] { torch::ones({2}, torch::dtype(torch::kInt64).requires_grad(true)); });

  torch::manual_seed(3);
  const Tensor u = torch::rand({1000}), n = torch::randn({1000});
  r.text("rand range", (u >= 0).all().item<bool>() && (u < 1).all().item<bool>() ? "yes" : "no");
  r.text("randn", std::abs(n.mean().item<double>()) < 0.2 && std::abs(n.std().item<double>() - 1) < 0.1 ? "yes" : "no");
  r.same("randperm sorted", std::get<0>(torch::randperm(20).sort()));
  const Tensor i = torch::randint(5, {100});
  r.printed("randint", i.scalar_type());
  r.text("randint range", (i >= 0).all().item<bool>() && (i < 5).all().item<bool>() ? "yes" : "no");
  torch::manual_seed(3);
  r.text("seeded", torch::rand({1000}).equal(u) ? "yes" : "no");
}

void properties(Report& r) {
  r.section("property");
  const Tensor t = values({2, 3, 4}, 1, torch::kFloat32);
  r.printed("sizes", t.sizes());
  r.printed("strides", t.strides());
  r.printed("strides transposed", t.transpose(0, 2).strides());
  r.printed("strides empty", torch::zeros({2, 0, 3}).strides());
  r.printed("dtype", t.dtype());
  r.printed("device", t.device());
  r.printed("numel", t.numel());
  r.printed("dim", t.dim());
  r.printed("size -1", t.size(-1));
  r.printed("element size", t.element_size());
  r.printed("nbytes", t.nbytes());
  r.printed("toString", t.toString());
  r.printed("contiguous", t.is_contiguous());
  r.printed("transposed contiguous", t.transpose(0, 1).is_contiguous());
  r.printed("size one transposed contiguous", torch::zeros({1, 4}).t().is_contiguous());
  r.printed("empty contiguous", torch::zeros({0, 4}).t().is_contiguous());
  r.printed("offset", t[1].storage_offset());
  r.printed("floating", t.is_floating_point());
  r.printed("item", t[1][2][3].item<float>());
  r.printed("item int", torch::tensor(2.9).item<int>());
  r.printed("item bool", torch::tensor(2.9).item<bool>());
  r.printed("item scalar", torch::tensor(7).item().toLong());
  r.printed("data_ptr", t.data_ptr<float>()[5]);
  r.printed("alias", t.is_alias_of(t[0]));
  r.printed("same", t.is_same(t));
  r.printed("defined", Tensor().defined());
  r.throws("item of many", [=] { t.item<float>(); });
  r.throws("item of none", [=] { torch::zeros({0}).item<float>(); });
  r.throws("data_ptr of another type", [=] { t.data_ptr<double>(); });
  r.throws("size out of range", [=] { t.size(3); });
  r.throws("undefined sizes", [] { Tensor().sizes(); });
  r.throws("undefined operation", [] { Tensor() + 1; });
  for (auto from : kTypes)
    for (auto to : kTypes) {
      std::ostringstream name;
      name << "to " << from << ' ' << to;
      r.same(name.str(), (values({7}, 2, torch::kFloat64) * 90).abs().to(from).to(to));
    }
  r.same("double to int", torch::tensor({-1.9, -0.5, 0.5, 1.9}, torch::kFloat64).to(torch::kInt64));
  r.same("double to float", torch::tensor({1e-50, 0.1, 1e300, -1e300}, torch::kFloat64).to(torch::kFloat32));
  r.same("to bool", torch::tensor({0.0, -0.0, 0.1, 1e-320}, torch::kFloat64).to(torch::kBool));
  r.printed("to same is itself", t.to(torch::kFloat32).is_same(t));
  r.printed("to copy", t.to(torch::kFloat32, false, true).is_same(t));
  r.same("type_as", torch::ones({2}).type_as(torch::ones({1}, torch::kInt64)));
  r.printed("contiguous is itself", t.contiguous().is_same(t));
}

void views(Report& r) {
  r.section("view");
  const Tensor t = values({2, 3, 4}, 3);
  const auto show = [&](const std::string& name, const Tensor& v) {
    r.same(name, v);
    std::ostringstream s;
    s << v.strides() << ' ' << v.storage_offset() << ' ' << v.is_alias_of(t) << ' ' << v.is_view();
    r.text(name + " strides", s.str());
  };
  show("view", t.view({6, -1}));
  show("view_as", t.view_as(torch::zeros({24})));
  show("reshape", t.reshape({4, 6}));
  show("reshape of transposed", t.transpose(0, 1).reshape({-1}));
  show("reshape of transposed stays a view", t.transpose(0, 1).reshape({3, 2, 2, 2}));
  show("flatten", t.flatten());
  show("flatten 1", t.flatten(1));
  show("flatten 0 1", t.flatten(0, 1));
  show("permute", t.permute({2, 0, 1}));
  show("transpose", t.transpose(-1, 0));
  show("t", t[0].t());
  show("squeeze", t.view({2, 1, 12, 1}).squeeze());
  show("squeeze 1", t.view({2, 1, 12, 1}).squeeze(1));
  show("squeeze 0", t.view({2, 1, 12, 1}).squeeze(0));
  show("unsqueeze", t.unsqueeze(-1));
  show("unsqueeze 1", t.unsqueeze(1));
  show("expand", t.unsqueeze(1).expand({2, 5, 3, 4}));
  show("expand -1", t[0][0].expand({2, -1}));
  show("expand_as", t[0].expand_as(t));
  show("select", t.select(1, -1));
  show("narrow", t.narrow(2, 1, 2));
  show("slice", t.slice(2, 0, 4, 3));
  show("slice negative", t.slice(2, -3, -1));
  show("slice beyond", t.slice(1, 2, 99));
  show("slice none", t.slice(1, 2, 1));
  show("unfold", t.unfold(2, 2, 1));
  show("as_strided", t.as_strided({2, 2}, {5, 3}, 4));
  show("diagonal", t.diagonal(0, 1, 2));
  show("movedim", t.movedim(0, 2));
  show("detach", t.detach());
  r.same("cat", torch::cat({t, t * 2}, 1));
  r.same("cat promotes", torch::cat({torch::ones({2}, torch::kInt64), torch::zeros({1})}));
  r.same("stack", torch::stack({t, t + 1}, 2));
  const auto parts = t.split(2, 2);
  r.same("split 1", parts[1]);
  const auto chunks = t.chunk(3, 2);
  r.printed("chunk count", chunks.size());
  r.same("chunk last", chunks.back());
  r.same("unbind", t.unbind(1)[2]);
  r.same("flip", t.flip({0, 2}));
  r.same("repeat", t[0].repeat({2, 1}));
  r.same("tril", t.tril());
  r.same("roll", t.roll(1, 2));
  r.throws("view of transposed", [=] { t.transpose(0, 1).view({-1}); });
  r.throws("view of wrong size", [=] { t.view({5, 5}); });
  r.throws("view two -1", [=] { t.view({-1, -1}); });
  r.throws("reshape of wrong size", [=] { t.reshape({7, -1}); });
  r.throws("select beyond", [=] { t.select(1, 3); });
  r.throws("narrow beyond", [=] { t.narrow(1, 2, 2); });
  r.throws("expand wrong", [=] { t.expand({2, 3, 5}); });
  r.throws("permute twice", [=] { t.permute({0, 0, 1}); });
  r.throws("permute short", [=] { t.permute({0, 1}); });
  r.throws("transpose beyond", [=] { t.transpose(0, 3); });
  r.throws("cat different", [=] { torch::cat({t, t[0]}); });
  r.throws("cat none", [=] { torch::cat(std::vector<Tensor>{}); });
  r.throws("stack different", [=] { torch::stack({t, t[0]}); });
  r.throws("t of rank 3", [=] { t.t(); });
}

void indexing(Report& r) {
  r.section("index");
  const Tensor t = values({3, 4, 5}, 4);
  r.same("integer", t[1]);
  r.same("negative", t[-1][-2]);
  r.same("slice", t.index({Slice(1, None)}));
  r.same("slices", t.index({Slice(), Slice(None, None, 2), Slice(1, -1)}));
  r.same("ellipsis", t.index({"...", 2}));
  r.same("ellipsis object", t.index({Ellipsis, Slice(None, 2)}));
  r.same("none", t.index({None, 0}));
  r.same("mask", t.index({t > 0}));
  r.same("mask of rows", t.index({torch::tensor({true, false, true})}));
  r.same("tensor", t.index({torch::tensor({2, 0, 0})}));
  r.same("two tensors", t.index({torch::tensor({2, 0}), torch::tensor({1, 3})}));
  r.same("tensor and slice", t.index({torch::tensor({2, 0}), Slice(), 1}));
  Tensor w = t.clone();
  w[0] = 5;
  w[1][2] = torch::arange(5, torch::kFloat64);
  r.same("assign", w);
  w.index_put_({Slice(), 1, Slice(0, 2)}, -1);
  r.same("put slice", w);
  w.index_put_({w > 0.5}, 0.25);
  r.same("put mask", w);
  w.index({0, Slice(1, 3)}) += 10;
  r.same("add to slice", w);
  w.index_put_({torch::tensor({0, 0, 1})}, torch::ones({4, 5}, torch::kFloat64), true);
  r.same("put accumulates", w);
  r.same("index_select", t.index_select(1, torch::tensor({3, 0, 3})));
  r.same("gather", t.gather(2, torch::zeros({3, 4, 2}, torch::kInt64) + 4));
  r.same("masked_select", t.masked_select(t < 0));
  r.same("masked_fill", t.masked_fill(t < 0, 9));
  r.same("nonzero", torch::tensor({{1, 0}, {0, 2}}).nonzero());
  r.throws("beyond", [=] { t[3]; });
  r.throws("too many", [=] { t.index({0, 0, 0, 0}); });
  r.throws("tensor beyond", [=] { t.index({torch::tensor({3})}); });
  r.throws("mask of wrong size", [=] { t.index({torch::tensor({true, false})}); });
  r.throws("index of 0-d", [] { torch::tensor(1.0)[0]; });
}

// A tensor of each dtype (0-d or not), and a number of each kind.
void promotion(Report& r) {
  r.section("promote");
  const auto binary = [&](const std::string& name, const std::function<Tensor(const Tensor&, const Tensor&)>& f) {
    for (auto a : kTypes)
      for (auto b : kTypes)
        for (bool flat : {false, true}) {
          std::ostringstream full;
          full << name << ' ' << a << ' ' << b << (flat ? " 0-d" : "");
          const Tensor x = values({5}, 5, a), y = flat ? torch::full({}, 3, b) : torch::full({5}, 2, b);
          try {
            r.near(full.str(), f(x, y));
          } catch (const std::exception&) {
            r.text(full.str(), "throws");
          }
          try {
            r.near(full.str() + " exchanged", f(y, x));
          } catch (const std::exception&) {
            r.text(full.str() + " exchanged", "throws");
          }
        }
  };
  binary("add", [](const Tensor& a, const Tensor& b) { return a + b; });
  binary("sub", [](const Tensor& a, const Tensor& b) { return a - b; });
  binary("mul", [](const Tensor& a, const Tensor& b) { return a * b; });
  binary("div", [](const Tensor& a, const Tensor& b) { return a / b; });
  binary("pow", [](const Tensor& a, const Tensor& b) { return torch::pow(a, b); });
  binary("lt", [](const Tensor& a, const Tensor& b) { return a < b; });
  binary("maximum", [](const Tensor& a, const Tensor& b) { return torch::maximum(a, b); });
  binary("where", [](const Tensor& a, const Tensor& b) { return torch::where(a.to(torch::kBool), a, b); });
  binary("add_", [](const Tensor& a, const Tensor& b) { return a.clone().add_(b); });
  binary("mul_", [](const Tensor& a, const Tensor& b) { return a.clone().mul_(b); });
  binary("div_", [](const Tensor& a, const Tensor& b) { return a.clone().div_(b); });
  binary("mm", [](const Tensor& a, const Tensor& b) { return a.reshape({1, -1}).mm(b.reshape({-1, 1})); });
  binary("copy_", [](const Tensor& a, const Tensor& b) { return a.clone().copy_(b); });
  for (auto a : kTypes) {
    const Tensor x = values({5}, 6, a);
    const auto one = [&](const std::string& name, const std::function<Tensor()>& f) {
      std::ostringstream full;
      full << name << ' ' << a;
      try {
        r.near(full.str(), f());
      } catch (const std::exception&) {
        r.text(full.str(), "throws");
      }
    };
    one("+ 1", [=] { return x + 1; });
    one("+ 1.5", [=] { return x + 1.5; });
    one("1.5 -", [=] { return 1.5 - x; });
    one("* true", [=] { return x * true; });
    one("/ 2", [=] { return x / 2; });
    one("2 /", [=] { return 2 / (x + 1); });
    one("pow 2", [=] { return x.pow(2); });
    one("pow 0.5", [=] { return x.abs().pow(0.5); });
    one("2 pow", [=] { return torch::pow(2, x); });
    one("neg", [=] { return -x; });
    one("abs", [=] { return x.abs(); });
    one("exp", [=] { return x.exp(); });
    one("sqrt", [=] { return x.sqrt(); });
    one("sigmoid", [=] { return torch::sigmoid(x); });
    one("relu", [=] { return torch::relu(x); });
    one("sum", [=] { return x.sum(); });
    one("mean", [=] { return x.mean(); });
    one("prod", [=] { return x.prod(); });
    one("max", [=] { return x.max(); });
    one("cumsum", [=] { return x.cumsum(0); });
    one("clamp", [=] { return x.clamp(1, 2); });
    one("clamp double", [=] { return x.clamp(0.5, 1.5); });
    one("softmax", [=] { return torch::softmax(x, 0); });
    one("== 1", [=] { return x == 1; });
    one("logical_not", [=] { return x.logical_not(); });
    one("argmax", [=] { return x.argmax(); });
    one("+= 1.5", [=] { return x.clone() += 1.5; });
    one("*= 2", [=] { return x.clone() *= 2; });
    one("fill_ 2.5", [=] { return x.clone().fill_(2.5); });
    one("exp_", [=] { return x.clone().exp_(); });
  }
}

void broadcasting(Report& r) {
  r.section("broadcast");
  const std::vector<std::vector<std::int64_t>> shapes = {{}, {1}, {3}, {2, 3}, {2, 1}, {4, 1, 3}, {0}, {0, 3}, {4}};
  for (const auto& a : shapes)
    for (const auto& b : shapes) {
      std::ostringstream name;
      name << torch::IntArrayRef(a) << ' ' << torch::IntArrayRef(b);
      const Tensor x = values(a, 7), y = values(b, 8);
      try {
        r.same(name.str(), x * y + y);
      } catch (const std::exception&) {
        r.text(name.str(), "throws");
      }
      try {
        Tensor z = x.clone();
        z += y;
        r.same(name.str() + " in place", z);
      } catch (const std::exception&) {
        r.text(name.str() + " in place", "throws");
      }
      try {
        r.sums(name.str() + " matmul", torch::matmul(x, y));
      } catch (const std::exception&) {
        r.text(name.str() + " matmul", "throws");
      }
    }
}

}  // namespace

void tensors(Report& report) {
  factories(report);
  properties(report);
  views(report);
  indexing(report);
  promotion(report);
  broadcasting(report);
}

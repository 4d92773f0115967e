// The lecture's network (ReLU, ReLU, sigmoid, binary cross-entropy) on real data: reading, training, judging, and the
// comparison of every gradient with the formulas worked out by hand. Any CSV file with two classes will do.
#include <gradtape/gradtape.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <thread>

#include "common/hand_coded.h"
#include "common/metrics.h"
#include "common/options.h"
#include "common/progress.h"
#include "common/split.h"
#include "common/svg.h"
#include "common/table.h"

namespace {

using namespace gradtape;  // NOLINT(google-build-using-namespace)
using namespace examples;  // NOLINT(google-build-using-namespace)

constexpr std::size_t kFolds = 5;

struct Settings {
  std::vector<std::int64_t> layers;
  std::int64_t epochs, batch;
  double lr, weight_decay;
  bool adam;
  std::uint64_t seed;
  ScalarType dtype;
};

nn::Sequential make_model(std::int64_t features, const Settings& s) {
  nn::Sequential model;
  std::int64_t in = features;
  for (std::int64_t width : s.layers) {
    model->push_back(nn::Dense(in, width));
    model->push_back(nn::ReLU());
    in = width;
  }
  model->push_back(nn::Dense(in, 1));
  model->push_back(nn::Sigmoid());
  model->to(s.dtype);
  return model;
}

// Rows of one set, ready for the network.
struct Examples {
  Tensor X, Y;  // [m, features], [m, 1]
  std::vector<int> label;
};
Examples examples_of(const TwoClassTable& t, const std::vector<std::int64_t>& rows, const Standardizer& standardize,
                     ScalarType dtype) {
  Examples e;
  e.X = standardize(rows_of(t.X, rows)).to(dtype);
  e.Y = zeros({static_cast<std::int64_t>(rows.size()), 1}, kFloat64);
  double* y = e.Y.data_ptr<double>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    e.label.push_back(t.label[static_cast<std::size_t>(rows[i])]);
    y[i] = e.label.back();
  }
  e.Y = e.Y.to(dtype);
  return e;
}

std::vector<double> predict(nn::Sequential model, const Tensor& X) {
  const NoGradGuard guard;
  const Tensor p = model->forward(X).to(kFloat64).contiguous();
  return {p.data_ptr<double>(), p.data_ptr<double>() + p.numel()};
}
double loss_of(nn::Sequential model, const Examples& e) {
  const NoGradGuard guard;
  return nn::BCELoss()(model->forward(e.X), e.Y).item<double>();
}
double accuracy_on(nn::Sequential model, const Examples& e) {
  return accuracy_of(confusion_of(predict(model, e.X), e.label));
}

// Minibatches in a new order every epoch; each_epoch(epoch, mean loss of the epoch) runs after each.
template <class F>
void train(nn::Sequential model, const Examples& data, const Settings& s, std::uint64_t seed, F each_epoch) {
  std::unique_ptr<optim::Optimizer> optimizer;
  if (s.adam)
    optimizer =
        std::make_unique<optim::Adam>(model->parameters(), optim::AdamOptions(s.lr).weight_decay(s.weight_decay));
  else
    optimizer = std::make_unique<optim::SGD>(model->parameters(),
                                             optim::SGDOptions(s.lr).momentum(0.9).weight_decay(s.weight_decay));
  nn::BCELoss loss;
  Generator g(seed);
  const auto m = static_cast<std::size_t>(data.X.size(0)), batch = static_cast<std::size_t>(s.batch);
  std::vector<std::int64_t> order(m);
  for (std::size_t i = 0; i < m; ++i) order[i] = static_cast<std::int64_t>(i);
  for (std::int64_t epoch = 1; epoch <= s.epochs; ++epoch) {
    shuffle(order, g);
    double sum = 0;
    for (std::size_t start = 0; start < m; start += batch) {
      const std::vector<std::int64_t> rows(order.begin() + static_cast<std::ptrdiff_t>(start),
                                           order.begin() + static_cast<std::ptrdiff_t>(std::min(m, start + batch)));
      optimizer->zero_grad();
      const Tensor A = model->forward(rows_of(data.X, rows));
      check(std::isfinite(A.sum().item<double>()), "train", "the network's output is not finite in epoch ", epoch,
            "; a smaller --lr may help");
      const Tensor J = loss(A, rows_of(data.Y, rows));
      J.backward();
      optimizer->step();
      sum += J.item<double>() * static_cast<double>(rows.size());
    }
    each_epoch(epoch, sum / static_cast<double>(m));
  }
}

// Accuracy on each fold's test set; up to `threads` folds are trained at a time. Each fold's numbers depend on the seed
// alone.
std::vector<double> cross_validate(const TwoClassTable& table, const Settings& s, std::size_t threads) {
  Generator g(s.seed + 1);
  const std::vector<Split> folds = stratified_folds(table.label, kFolds, g);
  std::vector<nn::Sequential> models;
  for (std::size_t f = 0; f < kFolds; ++f) models.push_back(make_model(table.X.size(1), s));
  std::vector<double> accuracy(kFolds);
  std::vector<std::exception_ptr> failed(kFolds);
  const auto run = [&](std::size_t first) {
    for (std::size_t f = first; f < kFolds; f += threads) {
      try {
        const Standardizer standardize(rows_of(table.X, folds[f].train));
        train(models[f], examples_of(table, folds[f].train, standardize, s.dtype), s, s.seed + 2 + f,
              [](std::int64_t, double) {});
        accuracy[f] = accuracy_on(models[f], examples_of(table, folds[f].test, standardize, s.dtype));
      } catch (...) {
        failed[f] = std::current_exception();
      }
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t t = 1; t < threads; ++t) workers.emplace_back(run, t);
  run(0);
  for (std::thread& w : workers) w.join();
  for (const std::exception_ptr& e : failed)
    if (e) std::rethrow_exception(e);
  for (std::size_t f = 0; f < kFolds; ++f)
    std::printf("  fold %zu: %5.1f %% of %zu rows\n", f + 1, 100 * accuracy[f], folds[f].test.size());
  return accuracy;
}

std::vector<LayerDifference> compare(nn::Sequential model, const Examples& e) {
  return e.X.scalar_type() == kFloat64 ? compare_with_hand_coded<double>(model, e.X, e.Y)
                                       : compare_with_hand_coded<float>(model, e.X, e.Y);
}

// Without the rows where A (1 - A) < 1e-6: there -Y / A + (1 - Y) / (1 - A) has lost its digits, and BCELoss has a
// guard that the formula does not have.
Examples without_saturated(nn::Sequential model, const Examples& e) {
  const std::vector<double> p = predict(model, e.X);
  std::vector<std::int64_t> kept;
  Examples r;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] * (1 - p[i]) < 1e-6) continue;
    kept.push_back(static_cast<std::int64_t>(i));
    r.label.push_back(e.label[i]);
  }
  r.X = rows_of(e.X, kept);
  r.Y = rows_of(e.Y, kept);
  return r;
}

void print_confusion(const Confusion& c, const TwoClassTable& t) {
  const int w = static_cast<int>(std::max({t.class_name[0].size(), t.class_name[1].size(), std::size_t{6}}));
  std::printf("\nconfusion matrix of the test rows\n  %-*s   predicted\n  %-*s   %*s   %*s\n", w, "", w, "actual", w,
              t.class_name[0].c_str(), w, t.class_name[1].c_str());
  for (std::size_t a : {0U, 1U})
    std::printf("  %-*s   %*lld   %*lld\n", w, t.class_name[a].c_str(), w, static_cast<long long>(c[a][0]), w,
                static_cast<long long>(c[a][1]));
}

// The two comparisons side by side, and the largest number in them.
double print_differences(const std::vector<LayerDifference>& before, const std::vector<LayerDifference>& after,
                         std::int64_t left_out, std::int64_t rows, const char* dtype) {
  std::printf("\nhand-coded against tape, %s: largest difference, in units of the largest sum of magnitudes\n", dtype);
  std::printf("         at the initial weights, %-4lld rows         after training, %lld rows\n",
              static_cast<long long>(rows), static_cast<long long>(rows - left_out));
  std::printf("  layer  dZ       dW       db       dA           dZ       dW       db\n");
  double worst = 0;
  for (std::size_t l = 0; l < before.size(); ++l) {
    const LayerDifference& b = before[l];
    std::printf("  %-5zu  %.1e  %.1e  %.1e  %.1e", l + 1, b.dZ, b.dW, b.db, b.dA);
    worst = std::max({worst, b.dZ, b.dW, b.db, b.dA});
    if (!after.empty()) {
      const LayerDifference& a = after[l];
      std::printf("      %.1e  %.1e  %.1e", a.dZ, a.dW, a.db);
      worst = std::max({worst, a.dZ, a.dW, a.db});
    }
    std::printf("\n");
  }
  std::printf("  after training %lld of %lld rows are left out, where A(1-A) < 1e-6 in the last layer\n",
              static_cast<long long>(left_out), static_cast<long long>(rows));
  return worst;
}

void run(const Options& o) {
  Settings s;
  s.layers = o.integers("layers", 1, 100000);
  s.epochs = o.integer("epochs", 1, 1000000);
  s.lr = o.number("lr", 1e-12, 1e3);
  s.batch = o.integer("batch", 1);
  s.weight_decay = o.number("weight-decay", 0, 1e3);
  s.adam = o.one_of("optimizer", {"adam", "sgd"}) == "adam";
  s.seed = static_cast<std::uint64_t>(o.integer("seed", 0));
  const std::string dtype = o.one_of("dtype", {"float64", "float32"});
  s.dtype = dtype == "float64" ? kFloat64 : kFloat32;
  const auto threads = static_cast<std::size_t>(o.integer("threads", 1, kFolds));

  const TwoClassTable table = read_two_class_table(o.text("data"), o.text("label"));
  for (int c : {0, 1})
    check(table.count[c] >= static_cast<std::int64_t>(kFolds), "data", table.class_name[c], " has ", table.count[c],
          " rows; ", kFolds, " folds need as many of each class");
  manual_seed(s.seed);
  nn::Sequential model = make_model(table.X.size(1), s);
  std::int64_t parameters = 0;
  for (const Tensor& p : model->parameters()) parameters += p.numel();
  std::printf("data: %lld rows, %lld features, %lld %s, %lld %s\n", static_cast<long long>(table.X.size(0)),
              static_cast<long long>(table.X.size(1)), static_cast<long long>(table.count[0]),
              table.class_name[0].c_str(), static_cast<long long>(table.count[1]), table.class_name[1].c_str());
  std::string widths = std::to_string(table.X.size(1));
  for (std::int64_t w : s.layers) widths += " - " + std::to_string(w);
  std::printf("network: %s - 1, ReLU inside, sigmoid at the end, %lld parameters, %s\n", widths.c_str(),
              static_cast<long long>(parameters), dtype.c_str());

  Generator g(s.seed);
  const Split split = stratified_split(table.label, 0.2, g);
  const Standardizer standardize(rows_of(table.X, split.train));
  const Examples training = examples_of(table, split.train, standardize, s.dtype);
  const Examples test = examples_of(table, split.test, standardize, s.dtype);
  const std::vector<LayerDifference> before = compare(model, training);

  std::printf("training on %zu rows, %zu are kept for the test\n", split.train.size(), split.test.size());
  Curve training_loss{"training rows (mean over the epoch)", "#1f6fb4", {}},
      test_loss{"test rows (after the epoch)", "#e07b28", {}};
  Progress progress("epoch", static_cast<long>(s.epochs));
  train(model, training, s, s.seed, [&](std::int64_t epoch, double loss) {
    training_loss.y.push_back(loss);
    test_loss.y.push_back(loss_of(model, test));
    char state[80];
    std::snprintf(state, sizeof state, "loss %.4f  accuracy %5.1f %%", loss, 100 * accuracy_on(model, training));
    progress.show(static_cast<long>(epoch), state);
  });

  const std::vector<double> p = predict(model, test.X);
  const Confusion confusion = confusion_of(p, test.label);
  std::printf("\ntest accuracy: %.1f %%\ntest AUC: %.4f\n", 100 * accuracy_of(confusion), auc_of(p, test.label));
  print_confusion(confusion, table);
  if (!o.text("svg").empty()) {
    write_line_chart(o.text("svg"), "Binary cross-entropy while training", "loss", {training_loss, test_loss});
    std::printf("\nloss curve: %s\n", o.text("svg").c_str());
  }

  const Examples kept = without_saturated(model, training);
  // Classes that a line divides can saturate every row; then nothing is left to compare.
  const std::vector<LayerDifference> after = kept.X.size(0) > 0 ? compare(model, kept) : std::vector<LayerDifference>();
  std::printf("\ncross-validation, %zu stratified folds, each with a network and standardisation of its own\n", kFolds);
  double mean = 0;
  for (double a : cross_validate(table, s, threads)) mean += a / static_cast<double>(kFolds);
  const double worst =
      print_differences(before, after, training.X.size(0) - kept.X.size(0), training.X.size(0), dtype.c_str());
  std::printf("\naccuracy (5-fold): %.1f %%\nhand-coded vs tape: %.1e\n", 100 * mean, worst);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options o("01_breast_cancer", "Trains the lecture's network on a CSV file with two classes.");
    o.add("data", "FILE", GRADTAPE_EXAMPLES_DIR "/data/breast_cancer.csv", "numbers separated by commas")
        .add("label", "COLUMN", "last", "the class: a name in the header, a number from 1, or last")
        .add("layers", "N,N,..", "64,32", "widths of the hidden layers")
        .add("epochs", "N", "40", "passes over the training rows")
        .add("lr", "X", "0.001", "learning rate")
        .add("batch", "N", "32", "rows in a minibatch")
        .add("weight-decay", "X", "0.03", "weight decay")
        .add("optimizer", "NAME", "adam", "adam, or sgd with momentum 0.9")
        .add("seed", "N", "1", "of weights, split and order")
        .add("threads", "N", "1", "folds trained at a time, 1 to 5; the numbers stay the same")
        .add("dtype", "NAME", "float64", "float64 or float32")
        .add("svg", "FILE", "breast_cancer_loss.svg", "where to draw the loss curve");
    if (o.parse(argc, argv)) run(o);
    return 0;
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "01_breast_cancer: %s\n", e.what());
    return 1;
  }
}

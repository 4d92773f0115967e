// A character model of two LSTM cells without recurrent products (the LSTM objective of ADBench: Srajer, Kukelova and
// Fitzgibbon, Optimization Methods and Software 33, 2018), written out in operations on 14 elements: 46,000 a step.
#include <vector>

#include "rows.h"

namespace {

using T = torch::Tensor;
constexpr std::int64_t kWidth = 14, kCharacters = 1024;
constexpr int kCells = 2;

struct Cell {
  T weight[4], bias[4];
};

struct Model {
  Cell cells[kCells];
  T in, out_weight, out_bias, hidden, memory;
  std::vector<T> parameters;
  Model() {
    for (Cell& c : cells)
      for (int g = 0; g < 4; ++g) {
        c.weight[g] = parameter();
        c.bias[g] = parameter();
      }
    in = parameter();
    out_weight = parameter();
    out_bias = parameter();
    hidden = bench::uniform({kWidth}, 200, -1, 1);
    memory = bench::uniform({kWidth}, 201, -1, 1);
  }
  T parameter() {
    parameters.push_back(bench::uniform({kWidth}, 100 + parameters.size(), -1, 1).requires_grad_());
    return parameters.back();
  }
};

T negative_log_likelihood(const Model& model, const std::vector<T>& characters) {
  T hidden[kCells], memory[kCells];
  for (int l = 0; l < kCells; ++l) {
    hidden[l] = model.hidden;
    memory[l] = model.memory;
  }
  T total = torch::zeros({});
  for (std::size_t t = 0; t + 1 < characters.size(); ++t) {
    T x = characters[t] * model.in;
    for (int l = 0; l < kCells; ++l) {
      const Cell& c = model.cells[l];
      const T forget = torch::sigmoid(x * c.weight[0] + c.bias[0]);
      const T input = torch::sigmoid(hidden[l] * c.weight[1] + c.bias[1]);
      const T output = torch::sigmoid(x * c.weight[2] + c.bias[2]);
      const T change = torch::tanh(hidden[l] * c.weight[3] + c.bias[3]);
      memory[l] = memory[l] * forget + input * change;
      hidden[l] = output * torch::tanh(memory[l]);
      x = hidden[l];
    }
    const T prediction = x * model.out_weight + model.out_bias;
    const T normalised = prediction - torch::log(torch::sum(torch::exp(prediction)) + 2);
    total = total + torch::sum(characters[t + 1] * normalised);
  }
  return total * (-1.0 / static_cast<double>(kCharacters));
}

void step(benchmark::State& state) {
  Model model;
  std::vector<T> characters;
  for (std::int64_t t = 0; t <= kCharacters; ++t) {
    T character = torch::zeros({kWidth});
    character[static_cast<std::int64_t>(bench::bits(300, static_cast<std::uint64_t>(t)) % kWidth)] = 1;
    characters.push_back(character);
  }
  torch::optim::SGD optimizer(model.parameters, torch::optim::SGDOptions(0.01));
  T loss;
  const auto once = [&]() {
    optimizer.zero_grad();
    loss = negative_log_likelihood(model, characters);
    loss.backward();
    optimizer.step();
  };
  once();
  state.counters["check"] = loss.item<double>();
  const std::uint64_t before = bench::allocations();
  for (auto _ : state) once();
  bench::report_allocations(state, before);
}
BENCHMARK(step)->Name("lstm/SGD/f32");

}  // namespace

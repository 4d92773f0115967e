#include "scripts.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "scripts <file to write>" << std::endl;
    return 2;
  }
  Report report(argv[1]);
  tensors(report);
  printing(report);
  recording(report);
  operations(report);
  modules(report);
  training(report);
  sequences(report);
  return 0;
}

#include <cmath>
#include <vector>

#include "tests/examples/program.h"

namespace {
using house::number_in;
using house::Outcome;

class BreastCancer : public house::Programs {
 protected:
  Outcome run(const std::string& arguments) { return Programs::run("01_breast_cancer", arguments); }
  // Bad input: exit code 1 and one line.
  std::string complaint(const std::string& arguments) {
    const Outcome o = run(arguments + " --epochs 1 --svg ''");
    EXPECT_EQ(o.code, 1) << arguments << '\n' << o.out;
    EXPECT_EQ(o.err.find('\n'), o.err.size() - 1) << o.err;
    return o.err.substr(0, o.err.find('\n'));
  }
};

TEST_F(BreastCancer, LearnsAndProvesItsGradients) {
  const Outcome o = run("");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.err, "");
  EXPECT_NE(o.out.find("data: 569 rows, 30 features, 212 malignant, 357 benign\n"), std::string::npos);
  EXPECT_NE(o.out.find("network: 30 - 64 - 32 - 1, ReLU inside, sigmoid at the end, 4097 parameters"),
            std::string::npos);
  EXPECT_GE(number_in(o.out, "test accuracy: ([0-9.]+) %"), 93);
  EXPECT_GE(number_in(o.out, "test AUC: ([0-9.]+)"), 0.98);

  // A fifth of each class is in the confusion matrix, and its diagonal is the accuracy.
  std::smatch m;
  ASSERT_TRUE(
      std::regex_search(o.out, m, std::regex("\n  malignant +([0-9]+) +([0-9]+)\n  benign +([0-9]+) +([0-9]+)\n")));
  EXPECT_EQ(std::stoi(m[1]) + std::stoi(m[2]), 42);
  EXPECT_EQ(std::stoi(m[3]) + std::stoi(m[4]), 71);
  EXPECT_NEAR(100.0 * (std::stoi(m[1]) + std::stoi(m[4])) / 113, number_in(o.out, "test accuracy: ([0-9.]+)"), 0.051);

  // The last two lines.
  ASSERT_TRUE(std::regex_search(
      o.out, m,
      std::regex("\naccuracy \\(5-fold\\): ([0-9]+\\.[0-9]) %\nhand-coded vs tape: ([0-9]\\.[0-9]e-[0-9]{2})\n$")))
      << o.out;
  const double accuracy = std::stod(m[1]), difference = std::stod(m[2]);
  EXPECT_GE(accuracy, 97.0);
  EXPECT_GT(difference, 0);
  EXPECT_LE(difference, 1e-12);
  double mean = 0;
  for (int f = 1; f <= 5; ++f) mean += number_in(o.out, "fold " + std::to_string(f) + ": +([0-9.]+) %") / 5;
  EXPECT_NEAR(mean, accuracy, 0.11);

  // The table has a row for each layer, and its largest entry is the last line.
  double largest = 0;
  for (int l = 1; l <= 3; ++l) {
    ASSERT_TRUE(
        std::regex_search(o.out, m, std::regex("\n  " + std::to_string(l) + " +((?:[0-9.]+e[+-][0-9]+ *){7})\n")));
    std::istringstream row(m[1]);
    for (double d = 0; row >> d;) largest = std::max(largest, d);
  }
  EXPECT_EQ(largest, difference);
  EXPECT_GE(number_in(o.out, "after training ([0-9]+) of 456 rows are left out"), 0);

  // The loss curve: one point an epoch, twice.
  const std::string svg = read("breast_cancer_loss.svg");
  EXPECT_EQ(svg.find("<svg "), 0U);
  const std::regex points("points=\"([^\"]*)\"");
  int curves = 0;
  for (auto i = std::sregex_iterator(svg.begin(), svg.end(), points); i != std::sregex_iterator(); ++i, ++curves)
    EXPECT_EQ(std::count((*i)[1].first, (*i)[1].second, ','), 40);
  EXPECT_EQ(curves, 2);
}

TEST_F(BreastCancer, TheSeedDecidesAndThreadsDoNot) {
  const std::string few = "--epochs 3 --layers 8 --svg '' ";
  const Outcome one = run(few), again = run(few), three = run(few + "--threads 3"), other = run(few + "--seed 2");
  ASSERT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, again.out);
  EXPECT_EQ(one.out, three.out);
  EXPECT_NE(one.out, other.out);
}

TEST_F(BreastCancer, OptionsReachTheNetwork) {
  const Outcome o = run("--layers=5,4,3 --optimizer sgd --lr 0.01 --dtype float32 --batch 1000 --epochs 2 --svg ''");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("network: 30 - 5 - 4 - 3 - 1, ReLU inside, sigmoid at the end, 198 parameters, float32"),
            std::string::npos)
      << o.out;
  const double difference = number_in(o.out, "hand-coded vs tape: ([0-9.e-]+)");
  EXPECT_GT(difference, 1e-10);
  EXPECT_LT(difference, 1e-4);
  const Outcome help = run("--help");
  EXPECT_EQ(help.code, 0);
  for (const char* name : {"data", "label", "layers", "epochs", "lr", "batch", "optimizer", "seed", "threads", "dtype"})
    EXPECT_NE(help.out.find(std::string("\n  --") + name + " "), std::string::npos) << name;
}

TEST_F(BreastCancer, DataOfOnesOwn) {
  std::string text = "kind,x,y\n";
  for (int i = 0; i < 60; ++i)
    text += std::to_string(i % 2 ? 7 : 3) + "," + std::to_string(i % 2 ? i : -i - 1) + "," + std::to_string(i) + "\n";
  write("own.csv", text);
  const Outcome o = run("--data own.csv --label kind --layers 8 --epochs 60 --lr 0.02 --weight-decay 0 --svg ''");
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_NE(o.out.find("data: 60 rows, 2 features, 30 class 3, 30 class 7\n"), std::string::npos) << o.out;
  EXPECT_GE(number_in(o.out, "accuracy \\(5-fold\\): ([0-9.]+)"), 90);
  EXPECT_EQ(
      complaint("--data own.csv --label z"),
      "01_breast_cancer: [options] --label: there is no column 'z'; need a name in the header, a number from 1 to "
      "3, or last");
  EXPECT_EQ(
      complaint("--data own.csv --label 2"),
      "01_breast_cancer: [data] the label column of own.csv has 60 different values; need two (--label chooses the "
      "column)");
}

TEST_F(BreastCancer, BadInputIsNamedInOneLine) {
  EXPECT_EQ(complaint("--data none.csv"),
            "01_breast_cancer: [read_csv] cannot open none.csv: No such file or directory");
  write("ragged.csv", "1,2,0\n3,4,1\n5,1\n");
  EXPECT_EQ(complaint("--data ragged.csv"),
            "01_breast_cancer: [read_csv] ragged.csv, line 3: 2 fields where line 1 has 3");
  write("word.csv", "1,2,0\n3,four,1\n");
  EXPECT_EQ(complaint("--data word.csv"),
            "01_breast_cancer: [read_csv] word.csv, line 2, column 2: 'four' is not a number");
  write("one.csv", "1,2,1\n3,4,1\n");
  EXPECT_EQ(complaint("--data one.csv"),
            "01_breast_cancer: [data] one.csv holds one class only: every label is 1; two are needed to learn from");
  write("few.csv", "1,2,1\n3,4,0\n2,1,1\n");
  EXPECT_EQ(complaint("--data few.csv"),
            "01_breast_cancer: [data] class 0 has 1 rows; 5 folds need as many of each class");
  write("nan.csv", "1,2,1\n3,nan,0\n");
  EXPECT_EQ(complaint("--data nan.csv"), "01_breast_cancer: [data] nan.csv, row 2 of the data, column 2 is not finite");
  EXPECT_EQ(complaint("--speed 3"), "01_breast_cancer: [options] unknown option --speed; --help lists the options");
  EXPECT_EQ(complaint("train"), "01_breast_cancer: [options] unknown option train; --help lists the options");
  EXPECT_EQ(complaint("--lr fast"), "01_breast_cancer: [options] --lr: 'fast' is not a number");
  EXPECT_EQ(complaint("--layers 8,x"), "01_breast_cancer: [options] --layers: 'x' is not a whole number");
  EXPECT_EQ(complaint("--layers 0"), "01_breast_cancer: [options] --layers must be at least 1, got 0");
  EXPECT_EQ(complaint("--threads 9"), "01_breast_cancer: [options] --threads must be at most 5, got 9");
  EXPECT_EQ(complaint("--dtype float16"),
            "01_breast_cancer: [options] --dtype must be float64 or float32, got 'float16'");
  EXPECT_EQ(run("--seed").err, "01_breast_cancer: [options] --seed needs a value: --seed N\n");
  EXPECT_EQ(run("--epochs 2 --svg no/such/folder.svg").code, 1);
  const Outcome diverged = run("--optimizer sgd --lr 1000 --weight-decay 1000 --svg ''");
  EXPECT_EQ(diverged.code, 1);
  EXPECT_NE(diverged.err.find("a smaller --lr may help"), std::string::npos) << diverged.err;
}

}  // namespace

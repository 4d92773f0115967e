#pragma once
#include <gradtape/gradtape.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

// f() throws an E whose text has all of `parts` in it.
template <class E = gradtape::Error, class F>
void expect_error(F f, std::initializer_list<const char*> parts) {
  try {
    f();
    ADD_FAILURE() << "nothing was thrown; expected an error with \"" << *parts.begin() << '"';
  } catch (const E& e) {
    const std::string text = e.what();
    for (const char* part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text;
  }
}

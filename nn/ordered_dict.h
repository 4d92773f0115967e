#pragma once
// OrderedDict: a map that keeps the order of insertion.
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../autograd/tensor.h"

namespace gradtape {

namespace nn {
class Module;
}
namespace detail {
// Throws "[OrderedDict] Parameter 'w' is ..." for any key that reads as text.
[[noreturn]] void dict_error(const std::string& description, const std::string& key, const char* problem);
[[noreturn]] void dict_index_error(const std::string& description, std::size_t index, std::size_t size);
inline const std::string& key_text(const std::string& key) { return key; }
template <class Key>
std::string key_text(const Key&) {
  return "(key)";
}
}  // namespace detail

template <class Key, class Value>
class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return pair_.second; }
    const Value& operator*() const { return pair_.second; }
    Value* operator->() { return &pair_.second; }
    const Value* operator->() const { return &pair_.second; }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  // `key_description` is what messages call a key.
  explicit OrderedDict(std::string key_description = "Key");
  OrderedDict(std::initializer_list<Item> items);  // NOLINT(google-explicit-constructor)
  OrderedDict(const OrderedDict& o);
  OrderedDict(OrderedDict&& o) noexcept;
  OrderedDict& operator=(const OrderedDict& o);
  OrderedDict& operator=(OrderedDict&& o) noexcept;
  ~OrderedDict();

  const std::string& key_description() const noexcept { return key_description_; }
  std::size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  bool contains(const Key& key) const noexcept { return find(key) != nullptr; }
  // Null when there is none.
  Value* find(const Key& key) noexcept;
  const Value* find(const Key& key) const noexcept;
  // Throws when there is none.
  Value& operator[](const Key& key);
  const Value& operator[](const Key& key) const;
  Item& operator[](std::size_t index);
  const Item& operator[](std::size_t index) const;
  Item& front() { return (*this)[std::size_t{0}]; }
  const Item& front() const { return (*this)[std::size_t{0}]; }
  Item& back() { return (*this)[size() - 1]; }
  const Item& back() const { return (*this)[size() - 1]; }

  // Throws when the key is there already.
  Value& insert(Key key, Value value);
  void update(const OrderedDict& other);
  void erase(const Key& key);
  void clear();
  void reserve(std::size_t capacity);

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const;
  std::vector<Value> values() const;
  std::vector<std::pair<Key, Value>> pairs() const;
  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }

 private:
  std::unordered_map<Key, std::size_t> index_;
  std::vector<Item> items_;
  std::string key_description_;
};

template <class K, class V>
OrderedDict<K, V>::OrderedDict(std::string key_description) : key_description_(std::move(key_description)) {}
template <class K, class V>
OrderedDict<K, V>::OrderedDict(std::initializer_list<Item> items) : key_description_("Key") {
  for (const Item& i : items) insert(i.key(), i.value());
}
template <class K, class V>
OrderedDict<K, V>::OrderedDict(const OrderedDict& o) = default;
template <class K, class V>
OrderedDict<K, V>::OrderedDict(OrderedDict&& o) noexcept = default;
template <class K, class V>
OrderedDict<K, V>& OrderedDict<K, V>::operator=(const OrderedDict& o) {
  OrderedDict copy(o);
  return *this = std::move(copy);
}
template <class K, class V>
OrderedDict<K, V>& OrderedDict<K, V>::operator=(OrderedDict&& o) noexcept = default;
template <class K, class V>
OrderedDict<K, V>::~OrderedDict() = default;

template <class K, class V>
const V* OrderedDict<K, V>::find(const K& key) const noexcept {
  const auto it = index_.find(key);
  return it == index_.end() ? nullptr : &items_[it->second].value();
}
template <class K, class V>
V* OrderedDict<K, V>::find(const K& key) noexcept {
  const auto it = index_.find(key);
  return it == index_.end() ? nullptr : &items_[it->second].value();
}
template <class K, class V>
V& OrderedDict<K, V>::operator[](const K& key) {
  if (V* v = find(key)) return *v;
  detail::dict_error(key_description_, detail::key_text(key), "is not defined");
}
template <class K, class V>
const V& OrderedDict<K, V>::operator[](const K& key) const {
  if (const V* v = find(key)) return *v;
  detail::dict_error(key_description_, detail::key_text(key), "is not defined");
}
template <class K, class V>
typename OrderedDict<K, V>::Item& OrderedDict<K, V>::operator[](std::size_t index) {
  if (index >= items_.size()) detail::dict_index_error(key_description_, index, items_.size());
  return items_[index];
}
template <class K, class V>
const typename OrderedDict<K, V>::Item& OrderedDict<K, V>::operator[](std::size_t index) const {
  if (index >= items_.size()) detail::dict_index_error(key_description_, index, items_.size());
  return items_[index];
}
template <class K, class V>
V& OrderedDict<K, V>::insert(K key, V value) {
  if (contains(key)) detail::dict_error(key_description_, detail::key_text(key), "is already defined");
  items_.emplace_back(key, std::move(value));
  index_.emplace(std::move(key), items_.size() - 1);
  return items_.back().value();
}
template <class K, class V>
void OrderedDict<K, V>::update(const OrderedDict& other) {
  reserve(size() + other.size());
  for (const Item& i : other.items_) insert(i.key(), i.value());
}
template <class K, class V>
void OrderedDict<K, V>::erase(const K& key) {
  const auto it = index_.find(key);
  if (it == index_.end()) detail::dict_error(key_description_, detail::key_text(key), "is not defined");
  const std::size_t at = it->second;
  index_.erase(it);
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
  for (auto& entry : index_)
    if (entry.second > at) --entry.second;
}
template <class K, class V>
void OrderedDict<K, V>::clear() {
  index_.clear();
  items_.clear();
}
template <class K, class V>
void OrderedDict<K, V>::reserve(std::size_t capacity) {
  index_.reserve(capacity);
  items_.reserve(capacity);
}
template <class K, class V>
std::vector<K> OrderedDict<K, V>::keys() const {
  std::vector<K> out;
  out.reserve(size());
  for (const Item& i : items_) out.push_back(i.key());
  return out;
}
template <class K, class V>
std::vector<V> OrderedDict<K, V>::values() const {
  std::vector<V> out;
  out.reserve(size());
  for (const Item& i : items_) out.push_back(i.value());
  return out;
}
template <class K, class V>
std::vector<std::pair<K, V>> OrderedDict<K, V>::pairs() const {
  std::vector<std::pair<K, V>> out;
  out.reserve(size());
  for (const Item& i : items_) out.push_back(i.pair());
  return out;
}
template <class K, class V>
bool operator==(const OrderedDict<K, V>& a, const OrderedDict<K, V>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!(a.items()[i].key() == b.items()[i].key()) || !(a.items()[i].value() == b.items()[i].value())) return false;
  return true;
}

extern template class OrderedDict<std::string, Tensor>;
extern template class OrderedDict<std::string, std::shared_ptr<nn::Module>>;

}  // namespace gradtape

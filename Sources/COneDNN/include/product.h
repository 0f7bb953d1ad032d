// Matrix products of fixed sizes through oneDNN's primitives, which differ between its versions 2
// and 3.
#ifndef MAXNORM_CONEDNN_PRODUCT_H
#define MAXNORM_CONEDNN_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

/// What is multiplied: C [rows, columns] = A [rows, inner] B [inner, columns], row-major and dense.
typedef struct {
  int64_t rows, columns, inner;
  /// A is stored as [inner, rows], B as [columns, inner].
  bool first_transposed, second_transposed;
  /// C += the product.
  bool accumulates;
  /// B is brought into oneDNN's own layout once, for many products.
  bool packs;
  /// A bias [columns] is added to every row.
  bool has_bias;
} maxnorm_product_shape;

/// A product with what oneDNN prepared for it. To be used by one thread at a time.
typedef struct maxnorm_product maxnorm_product;

/// Prepares a product for `threads` threads; NULL if oneDNN fails or memory runs out.
maxnorm_product *maxnorm_product_create(maxnorm_product_shape shape, int threads);
void maxnorm_product_destroy(maxnorm_product *product);

/// Packs B for the products that follow. Returns 0, or oneDNN's status.
int maxnorm_product_pack(maxnorm_product *product, float *second);

/// Computes C. B is not read where it is packed, nor the bias where the shape has none. Returns 0, or
/// oneDNN's status.
int maxnorm_product_run(
    maxnorm_product *product, float *first, float *second, float *bias, float *result);

#endif

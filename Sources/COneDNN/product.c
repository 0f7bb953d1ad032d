// Matrix products through oneDNN: a primitive made once for the sizes, on plain arrays.
#include "product.h"

#include <stdlib.h>
#include <string.h>

#include "layouts.h"

enum { first, second, bias, result, matrix_count };

struct maxnorm_product {
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;
  /// The caller's arrays; B is that of `packed` where there is one.
  dnnl_memory_t matrices[matrix_count];
  /// B as it is given, B packed, and what brings one into the other; NULL where B is not packed.
  dnnl_memory_t plain, packed;
  dnnl_primitive_t packing;
  void *storage;
};

void maxnorm_product_destroy(maxnorm_product *product) {
  if (!product) return;
  for (int index = 0; index < matrix_count; index++) {
    if (product->matrices[index]) dnnl_memory_destroy(product->matrices[index]);
  }
  if (product->plain) dnnl_memory_destroy(product->plain);
  if (product->packing) dnnl_primitive_destroy(product->packing);
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
  if (product->stream) dnnl_stream_destroy(product->stream);
  free(product->storage);
  free(product);
}

// MARK: Preparing

static dnnl_status_t make_layouts(layout *layouts, const maxnorm_product_shape *shape) {
  dnnl_dims_t a = {shape->rows, shape->inner};
  dnnl_dims_t b = {shape->inner, shape->columns};
  dnnl_dims_t c = {shape->rows, shape->columns}, row = {1, shape->columns};
  TRY(layout_make(&layouts[first], 2, a, shape->first_transposed ? dnnl_ba : dnnl_ab));
  TRY(layout_make(&layouts[second], 2, b, shape->second_transposed ? dnnl_ba : dnnl_ab));
  TRY(layout_make(&layouts[bias], 2, row, dnnl_ab));
  return layout_make(&layouts[result], 2, c, dnnl_ab);
}

static dnnl_status_t make_attributes(
    dnnl_primitive_attr_t *attributes, const maxnorm_product_shape *shape) {
  TRY(dnnl_primitive_attr_create(attributes));
  if (!shape->accumulates) return dnnl_success;
  dnnl_post_ops_t operations;
  TRY(dnnl_post_ops_create(&operations));
#if DNNL_VERSION_MAJOR >= 3
  dnnl_status_t status = dnnl_post_ops_append_sum(operations, 1, 0, dnnl_data_type_undef);
#else
  dnnl_status_t status = dnnl_post_ops_append_sum(operations, 1);
#endif
  if (status == dnnl_success) {
    status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  }
  dnnl_post_ops_destroy(operations);
  return status;
}

static dnnl_status_t describe(
    dnnl_primitive_desc_t *description, const layout *layouts, layout_view wanted, bool has_bias,
    const_dnnl_primitive_attr_t attributes) {
  layout_view added = has_bias ? view(&layouts[bias]) : NULL;
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_matmul_primitive_desc_create(
      description, maxnorm_engine(), view(&layouts[first]), wanted, added, view(&layouts[result]),
      attributes);
#else
  dnnl_matmul_desc_t operation;
  TRY(dnnl_matmul_desc_init(
      &operation, view(&layouts[first]), wanted, added, view(&layouts[result])));
  return dnnl_primitive_desc_create(description, &operation, attributes, maxnorm_engine(), NULL);
#endif
}

/// Room for B in the layout that oneDNN chose, and the reordering into it.
static dnnl_status_t prepare_packing(
    maxnorm_product *product, layout_view plain, layout_view chosen) {
  const size_t size = (dnnl_memory_desc_get_size(chosen) + 63) & ~(size_t)63;
  product->storage = aligned_alloc(64, size);
  if (!product->storage) return dnnl_out_of_memory;
  TRY(dnnl_memory_create(&product->plain, plain, maxnorm_engine(), DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(
      &product->matrices[second], chosen, maxnorm_engine(), product->storage));
  product->packed = product->matrices[second];
  dnnl_primitive_desc_t description;
  TRY(dnnl_reorder_primitive_desc_create(
      &description, plain, maxnorm_engine(), chosen, maxnorm_engine(), NULL));
  dnnl_status_t status = dnnl_primitive_create(&product->packing, description);
  dnnl_primitive_desc_destroy(description);
  return status;
}

static dnnl_status_t prepare_matrices(
    maxnorm_product *product, const layout *layouts, const_dnnl_primitive_desc_t description,
    bool packs, bool has_bias) {
  for (int index = 0; index < matrix_count; index++) {
    if ((packs && index == second) || (!has_bias && index == bias)) continue;
    TRY(dnnl_memory_create(
        &product->matrices[index], view(&layouts[index]), maxnorm_engine(), DNNL_MEMORY_NONE));
  }
  if (!packs) return dnnl_success;
  return prepare_packing(
      product, view(&layouts[second]),
      dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0));
}

static dnnl_status_t prepare(
    maxnorm_product *product, const maxnorm_product_shape *shape, const layout *layouts,
    const layout *any, const_dnnl_primitive_attr_t attributes) {
  TRY(dnnl_stream_create(&product->stream, maxnorm_engine(), dnnl_stream_default_flags));
  dnnl_primitive_desc_t description;
  TRY(describe(
      &description, layouts, shape->packs ? view(any) : view(&layouts[second]), shape->has_bias,
      attributes));
  dnnl_status_t status = dnnl_primitive_create(&product->primitive, description);
  if (status == dnnl_success) {
    status = prepare_matrices(product, layouts, description, shape->packs, shape->has_bias);
  }
  dnnl_primitive_desc_destroy(description);
  return status;
}

maxnorm_product *maxnorm_product_create(maxnorm_product_shape shape, int threads) {
  if (!maxnorm_engine()) return NULL;
  maxnorm_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  layout layouts[matrix_count], any;
  memset(layouts, 0, sizeof layouts);
  memset(&any, 0, sizeof any);
  dnnl_dims_t sizes = {shape.inner, shape.columns};
  dnnl_primitive_attr_t attributes = NULL;
  // oneDNN divides the work among threads when a primitive is made.
  const int former = omp_get_max_threads();
  omp_set_num_threads(threads);
  dnnl_status_t status = make_layouts(layouts, &shape);
  if (status == dnnl_success) status = layout_make(&any, 2, sizes, dnnl_format_tag_any);
  if (status == dnnl_success) status = make_attributes(&attributes, &shape);
  if (status == dnnl_success) status = prepare(product, &shape, layouts, &any, attributes);
  omp_set_num_threads(former);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  for (int index = 0; index < matrix_count; index++) layout_free(&layouts[index]);
  layout_free(&any);
  if (status == dnnl_success) return product;
  maxnorm_product_destroy(product);
  return NULL;
}

// MARK: Running

int maxnorm_product_pack(maxnorm_product *product, float *values) {
  if (!product->packed) return dnnl_success;
  TRY(dnnl_memory_set_data_handle(product->plain, values));
  const dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_FROM, product->plain}, {DNNL_ARG_TO, product->packed}};
  return dnnl_primitive_execute(product->packing, product->stream, 2, arguments);
}

int maxnorm_product_run(
    maxnorm_product *product, float *a, float *b, float *added, float *c) {
  dnnl_memory_t *matrices = product->matrices;
  TRY(dnnl_memory_set_data_handle(matrices[first], a));
  if (!product->packed) TRY(dnnl_memory_set_data_handle(matrices[second], b));
  if (matrices[bias]) TRY(dnnl_memory_set_data_handle(matrices[bias], added));
  TRY(dnnl_memory_set_data_handle(matrices[result], c));
  const dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_SRC, matrices[first]},
    {DNNL_ARG_WEIGHTS, matrices[second]},
    {DNNL_ARG_DST, matrices[result]},
    {DNNL_ARG_BIAS, matrices[bias]}};
  return dnnl_primitive_execute(
      product->primitive, product->stream, matrices[bias] ? 4 : 3, arguments);
}

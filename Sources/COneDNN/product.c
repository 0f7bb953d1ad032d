// Matrix products through oneDNN: a primitive made once for the sizes, on plain arrays.
#include "product.h"

#include <stdlib.h>
#include <string.h>

#include "layouts.h"

enum { first, second, bias, result, matrix_count };

/// A factor as it is given, and what brings it into a layout that is faster to multiply; NULL where it is
/// multiplied as it is.
typedef struct {
  dnnl_memory_t plain;
  dnnl_primitive_t reordering;
  void *storage;
} staging;

struct maxnorm_product {
  dnnl_stream_t stream;
  dnnl_primitive_t primitive;
  /// What is multiplied: the caller's arrays, or copies in another layout.
  dnnl_memory_t matrices[matrix_count];
  /// For A and B.
  staging stagings[2];
  /// B is brought into its layout by `maxnorm_product_pack`, not with every product.
  bool packs;
};

void maxnorm_product_destroy(maxnorm_product *product) {
  if (!product) return;
  for (int index = 0; index < matrix_count; index++) {
    if (product->matrices[index]) dnnl_memory_destroy(product->matrices[index]);
  }
  for (int index = first; index <= second; index++) {
    staging *staging = &product->stagings[index];
    if (staging->plain) dnnl_memory_destroy(staging->plain);
    if (staging->reordering) dnnl_primitive_destroy(staging->reordering);
    free(staging->storage);
  }
  if (product->primitive) dnnl_primitive_destroy(product->primitive);
  if (product->stream) dnnl_stream_destroy(product->stream);
  free(product);
}

// MARK: Layouts

/// Whether oneDNN has AVX2 at most here. It then has no layout of its own for a factor that is used many
/// times, and small products read their factors where they lie.
static bool has_narrow_vectors(void) {
  const int isa = (int)dnnl_get_effective_cpu_isa();
  return (isa & dnnl_cpu_isa_avx2) == dnnl_cpu_isa_avx2
         && (isa & dnnl_cpu_isa_avx512_core) != dnnl_cpu_isa_avx512_core;
}

/// Whether rows of this length, read one below the other, fall into the same few places of the nearest
/// cache: a product that reads them where they lie then runs at half its rate.
static bool collides(int64_t length) { return length % 512 == 0; }

/// Whether a factor is first copied into rows that do not collide. Pays where each of its values is
/// multiplied often enough; oneDNN's copies of its own, for large products, do the same.
static bool spreads(const maxnorm_product_shape *shape, int factor) {
  const double rows = (double)shape->rows, columns = (double)shape->columns;
  // From here on oneDNN copies both factors.
  if (!has_narrow_vectors() || 1 / rows + 1 / columns < 0.0038) return false;
  if (factor == first) {
    return shape->first_transposed && shape->columns >= 32 && collides(shape->rows);
  }
  return !shape->second_transposed && shape->rows >= 32 && collides(shape->columns);
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

/// The layouts that A and B are brought into where they are: rows that do not collide, and for B that is
/// packed whatever oneDNN chooses.
static dnnl_status_t make_wanted_layouts(
    layout *wanted, const maxnorm_product_shape *shape, bool packs) {
  // A line of the cache more.
  const int64_t gap = 16;
  dnnl_dims_t a = {shape->rows, shape->inner}, a_strides = {1, shape->rows + gap};
  dnnl_dims_t b = {shape->inner, shape->columns}, b_strides = {shape->columns + gap, 1};
  TRY(layout_make_strided(&wanted[first], 2, a, a_strides));
  return packs ? layout_make(&wanted[second], 2, b, dnnl_format_tag_any)
               : layout_make_strided(&wanted[second], 2, b, b_strides);
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
    dnnl_primitive_desc_t *description, const layout *layouts, const layout_view factors[2],
    bool has_bias, const_dnnl_primitive_attr_t attributes) {
  layout_view added = has_bias ? view(&layouts[bias]) : NULL;
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_matmul_primitive_desc_create(
      description, maxnorm_engine(), factors[first], factors[second], added,
      view(&layouts[result]), attributes);
#else
  dnnl_matmul_desc_t operation;
  TRY(dnnl_matmul_desc_init(
      &operation, factors[first], factors[second], added, view(&layouts[result])));
  return dnnl_primitive_desc_create(description, &operation, attributes, maxnorm_engine(), NULL);
#endif
}

/// Room for a factor in another layout, and the reordering into it.
static dnnl_status_t prepare_staging(
    maxnorm_product *product, int factor, layout_view plain, layout_view chosen) {
  staging *staging = &product->stagings[factor];
  const size_t size = (dnnl_memory_desc_get_size(chosen) + 63) & ~(size_t)63;
  staging->storage = aligned_alloc(64, size);
  if (!staging->storage) return dnnl_out_of_memory;
  TRY(dnnl_memory_create(&staging->plain, plain, maxnorm_engine(), DNNL_MEMORY_NONE));
  TRY(dnnl_memory_create(
      &product->matrices[factor], chosen, maxnorm_engine(), staging->storage));
  dnnl_primitive_desc_t description;
  TRY(dnnl_reorder_primitive_desc_create(
      &description, plain, maxnorm_engine(), chosen, maxnorm_engine(), NULL));
  dnnl_status_t status = dnnl_primitive_create(&staging->reordering, description);
  dnnl_primitive_desc_destroy(description);
  return status;
}

/// `chosen` holds the layouts in which the factors are multiplied.
static dnnl_status_t prepare_matrices(
    maxnorm_product *product, const layout *layouts, const layout_view chosen[2], bool has_bias) {
  for (int index = 0; index < matrix_count; index++) {
    if (!has_bias && index == bias) continue;
    if (index <= second && chosen[index]) {
      TRY(prepare_staging(product, index, view(&layouts[index]), chosen[index]));
    } else {
      TRY(dnnl_memory_create(
          &product->matrices[index], view(&layouts[index]), maxnorm_engine(), DNNL_MEMORY_NONE));
    }
  }
  return dnnl_success;
}

static dnnl_status_t prepare(
    maxnorm_product *product, const maxnorm_product_shape *shape, const layout *layouts,
    const layout wanted[2], const_dnnl_primitive_attr_t attributes) {
  TRY(dnnl_stream_create(&product->stream, maxnorm_engine(), dnnl_stream_default_flags));
  layout_view factors[2], chosen[2] = {NULL, NULL};
  for (int index = first; index <= second; index++) {
    const bool packs = product->packs && index == second;
    if (packs || spreads(shape, index)) chosen[index] = view(&wanted[index]);
    factors[index] = chosen[index] ? chosen[index] : view(&layouts[index]);
  }
  dnnl_primitive_desc_t description;
  TRY(describe(&description, layouts, factors, shape->has_bias, attributes));
  dnnl_status_t status = dnnl_primitive_create(&product->primitive, description);
  if (product->packs) {
    chosen[second] = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
  }
  if (status == dnnl_success) {
    status = prepare_matrices(product, layouts, chosen, shape->has_bias);
  }
  dnnl_primitive_desc_destroy(description);
  return status;
}

maxnorm_product *maxnorm_product_create(maxnorm_product_shape shape, int threads) {
  if (!maxnorm_engine()) return NULL;
  maxnorm_product *product = calloc(1, sizeof *product);
  if (!product) return NULL;
  product->packs = shape.packs && !has_narrow_vectors();
  layout layouts[matrix_count], wanted[2];
  memset(layouts, 0, sizeof layouts);
  memset(wanted, 0, sizeof wanted);
  dnnl_primitive_attr_t attributes = NULL;
  // oneDNN divides the work among threads when a primitive is made.
  const int former = omp_get_max_threads();
  omp_set_num_threads(threads);
  dnnl_status_t status = make_layouts(layouts, &shape);
  if (status == dnnl_success) status = make_wanted_layouts(wanted, &shape, product->packs);
  if (status == dnnl_success) status = make_attributes(&attributes, &shape);
  if (status == dnnl_success) status = prepare(product, &shape, layouts, wanted, attributes);
  omp_set_num_threads(former);
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  for (int index = 0; index < matrix_count; index++) layout_free(&layouts[index]);
  for (int index = first; index <= second; index++) layout_free(&wanted[index]);
  if (status == dnnl_success) return product;
  maxnorm_product_destroy(product);
  return NULL;
}

// MARK: Running

static dnnl_status_t stage(maxnorm_product *product, int factor, float *values) {
  staging *staging = &product->stagings[factor];
  TRY(dnnl_memory_set_data_handle(staging->plain, values));
  const dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_FROM, staging->plain}, {DNNL_ARG_TO, product->matrices[factor]}};
  return dnnl_primitive_execute(staging->reordering, product->stream, 2, arguments);
}

int maxnorm_product_pack(maxnorm_product *product, float *values) {
  return product->packs ? stage(product, second, values) : dnnl_success;
}

int maxnorm_product_run(
    maxnorm_product *product, float *a, float *b, float *added, float *c) {
  dnnl_memory_t *matrices = product->matrices;
  float *const factors[] = {a, b};
  for (int index = first; index <= second; index++) {
    if (product->packs && index == second) continue;
    if (product->stagings[index].plain) {
      TRY(stage(product, index, factors[index]));
    } else {
      TRY(dnnl_memory_set_data_handle(matrices[index], factors[index]));
    }
  }
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

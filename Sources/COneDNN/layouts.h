// What oneDNN's versions 2 and 3 say differently, and the one engine: for the C files here alone.
#ifndef MAXNORM_CONEDNN_LAYOUTS_H
#define MAXNORM_CONEDNN_LAYOUTS_H

#include <dnnl.h>

/// libgomp's own functions; see shim.h.
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);

#define TRY(call)                               \
  do {                                          \
    dnnl_status_t status = (call);              \
    if (status != dnnl_success) return status;  \
  } while (0)

/// A memory description of our own; `dnnl_memory_desc_t` is a struct in version 2 and a pointer from
/// 3 on.
typedef struct {
  dnnl_memory_desc_t value;
} layout;

#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t layout_view;

static inline layout_view view(const layout *layout) { return layout->value; }

static inline dnnl_status_t layout_make(
    layout *layout, int dimensions, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(&layout->value, dimensions, sizes, dnnl_f32, tag);
}

static inline dnnl_status_t layout_make_strided(
    layout *layout, int dimensions, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return dnnl_memory_desc_create_with_strides(
      &layout->value, dimensions, sizes, dnnl_f32, strides);
}

static inline void layout_free(layout *layout) {
  if (layout->value) dnnl_memory_desc_destroy(layout->value);
}
#else
typedef const dnnl_memory_desc_t *layout_view;

static inline layout_view view(const layout *layout) { return &layout->value; }

static inline dnnl_status_t layout_make(
    layout *layout, int dimensions, const dnnl_dims_t sizes, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(&layout->value, dimensions, sizes, dnnl_f32, tag);
}

static inline dnnl_status_t layout_make_strided(
    layout *layout, int dimensions, const dnnl_dims_t sizes, const dnnl_dims_t strides) {
  return dnnl_memory_desc_init_by_strides(&layout->value, dimensions, sizes, dnnl_f32, strides);
}

static inline void layout_free(layout *layout) { (void)layout; }
#endif

/// The processor, as oneDNN calls it; NULL if it cannot be had.
dnnl_engine_t maxnorm_engine(void);

#endif

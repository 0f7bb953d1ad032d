// Convolutions through oneDNN: primitives made once for each number of images.
//
// oneDNN chooses the layouts in which it computes; where they differ from the caller's, the arrays
// are reordered into scratch memory of the convolution and back.
#include "convolution.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "layouts.h"

/// The operands of all directions.
enum { input, weights, bias, output, operand_count };

/// Strides and paddings, as oneDNN takes them.
typedef struct {
  dnnl_dims_t strides, dilations, before, after;
} geometry;

/// The primitive's description; backward ones need the forward one as a hint.
static dnnl_status_t describe(
    dnnl_primitive_desc_t *description,
    maxnorm_convolution_direction direction, const layout *layouts, const geometry *geometry,
    dnnl_alg_kind_t algorithm, dnnl_primitive_desc_t hint,
    const_dnnl_primitive_attr_t attributes) {
  layout_view x = view(&layouts[input]), w = view(&layouts[weights]);
  layout_view b = view(&layouts[bias]), y = view(&layouts[output]);
#if DNNL_VERSION_MAJOR >= 3
  switch (direction) {
    case maxnorm_convolution_forward:
      return dnnl_convolution_forward_primitive_desc_create(
          description, maxnorm_engine(), dnnl_forward_training, algorithm, x, w, b, y, geometry->strides,
          geometry->dilations, geometry->before, geometry->after, attributes);
    case maxnorm_convolution_input_gradient:
      return dnnl_convolution_backward_data_primitive_desc_create(
          description, maxnorm_engine(), algorithm, x, w, y, geometry->strides, geometry->dilations,
          geometry->before, geometry->after, hint, attributes);
    case maxnorm_convolution_weight_gradient:
      return dnnl_convolution_backward_weights_primitive_desc_create(
          description, maxnorm_engine(), algorithm, x, w, b, y, geometry->strides, geometry->dilations,
          geometry->before, geometry->after, hint, attributes);
  }
  return dnnl_invalid_arguments;
#else
  dnnl_convolution_desc_t operation;
  switch (direction) {
    case maxnorm_convolution_forward:
      TRY(dnnl_convolution_forward_desc_init(
          &operation, dnnl_forward_training, algorithm, x, w, b, y, geometry->strides,
          geometry->before, geometry->after));
      break;
    case maxnorm_convolution_input_gradient:
      TRY(dnnl_convolution_backward_data_desc_init(
          &operation, algorithm, x, w, y, geometry->strides, geometry->before, geometry->after));
      break;
    case maxnorm_convolution_weight_gradient:
      TRY(dnnl_convolution_backward_weights_desc_init(
          &operation, algorithm, x, w, b, y, geometry->strides, geometry->before,
          geometry->after));
      break;
  }
  return dnnl_primitive_desc_create(description, &operation, attributes, maxnorm_engine(), hint);
#endif
}

// MARK: What is prepared

/// An array that a primitive reads or writes.
typedef struct {
  /// Whether the primitive has this operand, and whether it writes it.
  bool used, written;
  /// The primitive's name for it.
  int argument;
  /// The caller's array.
  dnnl_memory_t given;
  /// In the primitive's layout, where that is another one: its place in the scratch memory, and the
  /// reordering from (or into) the given one.
  dnnl_memory_t chosen;
  size_t offset;
  dnnl_primitive_t reorder;
} operand;

/// One direction for one number of images.
typedef struct {
  bool ready;
  dnnl_primitive_t primitive;
  operand operands[operand_count];
  /// Working memory of the primitive, in the scratch memory too; NULL where it needs none.
  dnnl_memory_t workspace;
  size_t workspace_offset;
  size_t scratch_size;
  /// The scratch memory that the memories above point into.
  void *bound;
} step;

/// All directions for one number of images and threads: oneDNN divides the work among threads when
/// a primitive is made.
typedef struct plan {
  int64_t rows;
  int threads;
  step steps[3];
  struct plan *next;
} plan;

struct maxnorm_convolution {
  maxnorm_convolution_shape shape;
  dnnl_stream_t stream;
  plan *plans;
  /// Shared by all steps, which never run at once.
  void *scratch;
  size_t scratch_size;
  /// Zeros where no bias is given, and a place for the gradient where it is not wanted.
  float *zeros, *spare;
};

static void step_free(step *step) {
  for (int index = 0; index < operand_count; index++) {
    operand *operand = &step->operands[index];
    if (operand->given) dnnl_memory_destroy(operand->given);
    if (operand->chosen) dnnl_memory_destroy(operand->chosen);
    if (operand->reorder) dnnl_primitive_destroy(operand->reorder);
  }
  if (step->workspace) dnnl_memory_destroy(step->workspace);
  if (step->primitive) dnnl_primitive_destroy(step->primitive);
  memset(step, 0, sizeof *step);
}

maxnorm_convolution *maxnorm_convolution_create(maxnorm_convolution_shape shape) {
  if (!maxnorm_engine()) return NULL;
  maxnorm_convolution *convolution = calloc(1, sizeof *convolution);
  if (!convolution) return NULL;
  convolution->shape = shape;
  convolution->zeros = calloc((size_t)shape.outputs, sizeof(float));
  convolution->spare = calloc((size_t)shape.outputs, sizeof(float));
  if (!convolution->zeros || !convolution->spare
      || dnnl_stream_create(&convolution->stream, maxnorm_engine(), dnnl_stream_default_flags)
          != dnnl_success) {
    maxnorm_convolution_destroy(convolution);
    return NULL;
  }
  return convolution;
}

void maxnorm_convolution_destroy(maxnorm_convolution *convolution) {
  plan *next = convolution->plans;
  while (next) {
    plan *plan = next;
    next = plan->next;
    for (int index = 0; index < 3; index++) step_free(&plan->steps[index]);
    free(plan);
  }
  if (convolution->stream) dnnl_stream_destroy(convolution->stream);
  free(convolution->scratch);
  free(convolution->zeros);
  free(convolution->spare);
  free(convolution);
}

// MARK: Preparing

/// Takes `size` bytes of the step's scratch memory, aligned to cache lines.
static size_t reserve(step *step, size_t size) {
  size_t offset = step->scratch_size;
  step->scratch_size = offset + ((size + 63) & ~(size_t)63);
  return offset;
}

/// The given memory of one operand, and the chosen one with its reordering where they differ.
static dnnl_status_t prepare_operand(step *step, operand *operand, layout_view given,
                                     layout_view chosen) {
  TRY(dnnl_memory_create(&operand->given, given, maxnorm_engine(), DNNL_MEMORY_NONE));
  if (dnnl_memory_desc_equal(given, chosen)) return dnnl_success;
  TRY(dnnl_memory_create(&operand->chosen, chosen, maxnorm_engine(), DNNL_MEMORY_NONE));
  operand->offset = reserve(step, dnnl_memory_desc_get_size(chosen));
  dnnl_primitive_desc_t description;
  TRY(dnnl_reorder_primitive_desc_create(
      &description, operand->written ? chosen : given, maxnorm_engine(), operand->written ? given : chosen,
      maxnorm_engine(), NULL));
  dnnl_status_t status = dnnl_primitive_create(&operand->reorder, description);
  dnnl_primitive_desc_destroy(description);
  return status;
}

/// What the primitive calls its operands, and which of them it writes.
static void name_operands(step *step, maxnorm_convolution_direction direction) {
  operand *operands = step->operands;
  operands[input].argument = DNNL_ARG_SRC;
  operands[weights].argument = DNNL_ARG_WEIGHTS;
  operands[bias].argument = DNNL_ARG_BIAS;
  operands[output].argument = DNNL_ARG_DIFF_DST;
  for (int index = 0; index < operand_count; index++) operands[index].used = true;
  switch (direction) {
    case maxnorm_convolution_forward:
      operands[output].argument = DNNL_ARG_DST;
      operands[output].written = true;
      break;
    case maxnorm_convolution_input_gradient:
      operands[input].argument = DNNL_ARG_DIFF_SRC;
      operands[input].written = true;
      operands[bias].used = false;
      break;
    case maxnorm_convolution_weight_gradient:
      operands[weights].argument = DNNL_ARG_DIFF_WEIGHTS;
      operands[bias].argument = DNNL_ARG_DIFF_BIAS;
      operands[weights].written = operands[bias].written = true;
      break;
  }
}

static layout_view chosen_layout(
    const_dnnl_primitive_desc_t description, const operand *operand) {
  return dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, operand->argument);
}

static dnnl_status_t prepare_step(
    step *step, maxnorm_convolution_direction direction, const layout *given,
    dnnl_primitive_desc_t description) {
  TRY(dnnl_primitive_create(&step->primitive, description));
  name_operands(step, direction);
  for (int index = 0; index < operand_count; index++) {
    operand *operand = &step->operands[index];
    if (!operand->used) continue;
    TRY(prepare_operand(step, operand, view(&given[index]), chosen_layout(description, operand)));
  }
  layout_view workspace = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  size_t size = workspace ? dnnl_memory_desc_get_size(workspace) : 0;
  if (size > 0) {
    TRY(dnnl_memory_create(&step->workspace, workspace, maxnorm_engine(), DNNL_MEMORY_NONE));
    step->workspace_offset = reserve(step, size);
  }
  return dnnl_success;
}

/// The tag of `[images, channels / block, height, width, block]`.
static dnnl_format_tag_t block_tag(int64_t block) {
  return block == 16 ? dnnl_aBcd16b : block == 8 ? dnnl_aBcd8b : dnnl_abcd;
}

/// Layouts of all operands, those of input, weights and output by their tags.
static dnnl_status_t make_layouts(
    layout *layouts, const maxnorm_convolution_shape *shape, int64_t rows, dnnl_format_tag_t x_tag,
    dnnl_format_tag_t w_tag, dnnl_format_tag_t y_tag) {
  dnnl_dims_t x = {rows, shape->channels, shape->height, shape->width};
  dnnl_dims_t w = {shape->outputs, shape->channels, shape->kernel_height, shape->kernel_width};
  dnnl_dims_t b = {shape->outputs};
  dnnl_dims_t y = {rows, shape->outputs, shape->output_height, shape->output_width};
  TRY(layout_make(&layouts[input], 4, x, x_tag));
  TRY(layout_make(&layouts[weights], 4, w, w_tag));
  TRY(layout_make(&layouts[bias], 1, b, dnnl_a));
  return layout_make(&layouts[output], 4, y, y_tag);
}

static dnnl_status_t describe_and_prepare(
    step *step, maxnorm_convolution_direction direction, const geometry *geometry,
    const layout *given, const layout *wanted, dnnl_primitive_attr_t attributes) {
  dnnl_primitive_desc_t forward = NULL, description = NULL;
  // Winograd's algorithm where oneDNN thinks it faster: output and input gradient of 3x3 kernels take
  // half to two thirds of the time. Not for the gradient of the weights, which took twice the time.
  const dnnl_alg_kind_t algorithm = direction == maxnorm_convolution_weight_gradient
      ? dnnl_convolution_direct : dnnl_convolution_auto;
  TRY(describe(
      &forward, maxnorm_convolution_forward, wanted, geometry, algorithm, NULL, attributes));
  dnnl_status_t status = dnnl_success;
  if (direction != maxnorm_convolution_forward) {
    status = describe(&description, direction, wanted, geometry, algorithm, forward, attributes);
  }
  if (status == dnnl_success) {
    status = prepare_step(step, direction, given, description ? description : forward);
  }
  if (description) dnnl_primitive_desc_destroy(description);
  dnnl_primitive_desc_destroy(forward);
  return status;
}

/// Whether the direction is faster on plain layouts (a matrix product of oneDNN's) than in blocks
/// with reordering, which 1x1 kernels between blocked arrays do without. Measured with 2.6 on AVX-512, one thread: 1x1 kernels 4.2 against 6.0 ms for all
/// three directions; input gradients of 1 and 3 channels, which blocks pad to 16, 0.9 against 5.0
/// and 1.5 against 3.0 ms; everything else was 1.5 to 4 times faster in blocks.
static bool prefers_plain(
    const maxnorm_convolution_shape *shape, maxnorm_convolution_direction direction) {
  return (shape->kernel_height == 1 && shape->kernel_width == 1 && shape->input_block == 1
          && shape->output_block == 1)
      || (direction == maxnorm_convolution_input_gradient && shape->channels <= 4);
}

static dnnl_status_t prepare(
    const maxnorm_convolution_shape *shape, step *step, maxnorm_convolution_direction direction,
    int64_t rows) {
  const geometry geometry = {
    .strides = {shape->stride, shape->stride},
    .before = {shape->padding_top, shape->padding_left},
    .after = {shape->padding_bottom, shape->padding_right},
  };
  layout given[operand_count], wanted[operand_count];
  memset(given, 0, sizeof given);
  memset(wanted, 0, sizeof wanted);
  dnnl_primitive_attr_t attributes = NULL;
  dnnl_status_t status = dnnl_primitive_attr_create(&attributes);
  if (status == dnnl_success) {
    status = dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl_scratchpad_mode_user);
  }
  if (status == dnnl_success) {
    status = make_layouts(
        given, shape, rows, block_tag(shape->input_block), dnnl_abcd,
        block_tag(shape->output_block));
  }
  if (status == dnnl_success) {
    const dnnl_format_tag_t tag = prefers_plain(shape, direction) ? dnnl_abcd : dnnl_format_tag_any;
    status = make_layouts(wanted, shape, rows, tag, tag, tag);
  }
  if (status == dnnl_success) {
    status = describe_and_prepare(step, direction, &geometry, given, wanted, attributes);
  }
  if (attributes) dnnl_primitive_attr_destroy(attributes);
  for (int index = 0; index < operand_count; index++) {
    layout_free(&given[index]);
    layout_free(&wanted[index]);
  }
  if (status != dnnl_success) step_free(step);
  return status;
}

/// Finds the step, or makes it.
static dnnl_status_t find_step(
    maxnorm_convolution *convolution, maxnorm_convolution_direction direction, int64_t rows,
    step **found) {
  const int threads = omp_get_max_threads();
  plan *plan = convolution->plans;
  while (plan && (plan->rows != rows || plan->threads != threads)) plan = plan->next;
  if (!plan) {
    plan = calloc(1, sizeof *plan);
    if (!plan) return dnnl_out_of_memory;
    plan->rows = rows;
    plan->threads = threads;
    plan->next = convolution->plans;
    convolution->plans = plan;
  }
  step *step = &plan->steps[direction];
  *found = step;
  if (step->ready) return dnnl_success;
  TRY(prepare(&convolution->shape, step, direction, rows));
  step->ready = true;
  if (step->scratch_size > convolution->scratch_size) {
    void *larger = aligned_alloc(64, step->scratch_size);
    if (!larger) {
      step_free(step);
      return dnnl_out_of_memory;
    }
    free(convolution->scratch);
    convolution->scratch = larger;
    convolution->scratch_size = step->scratch_size;
  }
  return dnnl_success;
}

int maxnorm_convolution_prepare(
    maxnorm_convolution *convolution, maxnorm_convolution_direction direction, int64_t rows) {
  step *step;
  return find_step(convolution, direction, rows, &step);
}

// MARK: The best block

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int64_t best_block = 1;

static dnnl_status_t find_best_block(void) {
  const maxnorm_convolution_shape shape = {
    .channels = 64, .height = 16, .width = 16, .outputs = 64, .output_height = 16,
    .output_width = 16, .kernel_height = 3, .kernel_width = 3, .stride = 1, .padding_top = 1,
    .padding_left = 1, .padding_bottom = 1, .padding_right = 1,
  };
  const geometry geometry = {.strides = {1, 1}, .before = {1, 1}, .after = {1, 1}};
  const dnnl_format_tag_t any = dnnl_format_tag_any;
  layout wanted[operand_count], blocked[operand_count];
  memset(wanted, 0, sizeof wanted);
  dnnl_primitive_desc_t description = NULL;
  dnnl_status_t status = make_layouts(wanted, &shape, 1, any, any, any);
  if (status == dnnl_success) {
    status = describe(
        &description, maxnorm_convolution_forward, wanted, &geometry, dnnl_convolution_direct, NULL,
        NULL);
  }
  for (int64_t block = 16; status == dnnl_success && best_block == 1 && block >= 8; block /= 2) {
    const dnnl_format_tag_t tag = block_tag(block);
    memset(blocked, 0, sizeof blocked);
    status = make_layouts(blocked, &shape, 1, tag, dnnl_abcd, tag);
    if (status == dnnl_success
        && dnnl_memory_desc_equal(
            view(&blocked[output]),
            dnnl_primitive_desc_query_md(description, dnnl_query_exec_arg_md, DNNL_ARG_DST))) {
      best_block = block;
    }
    for (int index = 0; index < operand_count; index++) layout_free(&blocked[index]);
  }
  if (description) dnnl_primitive_desc_destroy(description);
  for (int index = 0; index < operand_count; index++) layout_free(&wanted[index]);
  return status;
}

static void ask_for_best_block(void) {
  if (maxnorm_engine()) (void)find_best_block();
}

int64_t maxnorm_convolution_best_block(void) {
  pthread_once(&once, ask_for_best_block);
  return best_block;
}

// MARK: Running

/// Points the step's memories into the scratch memory, which moves when it grows.
static dnnl_status_t bind(step *step, char *scratch) {
  if (step->bound == scratch) return dnnl_success;
  for (int index = 0; index < operand_count; index++) {
    operand *operand = &step->operands[index];
    if (!operand->chosen) continue;
    TRY(dnnl_memory_set_data_handle(operand->chosen, scratch + operand->offset));
  }
  if (step->workspace) {
    TRY(dnnl_memory_set_data_handle(step->workspace, scratch + step->workspace_offset));
  }
  step->bound = scratch;
  return dnnl_success;
}

static dnnl_status_t reorder(const operand *operand, dnnl_stream_t stream) {
  const dnnl_exec_arg_t arguments[] = {
    {DNNL_ARG_FROM, operand->written ? operand->chosen : operand->given},
    {DNNL_ARG_TO, operand->written ? operand->given : operand->chosen},
  };
  return dnnl_primitive_execute(operand->reorder, stream, 2, arguments);
}

int maxnorm_convolution_run(
    maxnorm_convolution *convolution, maxnorm_convolution_direction direction, int64_t rows,
    float *x, float *w, float *b, float *y) {
  step *step;
  TRY(find_step(convolution, direction, rows, &step));
  TRY(bind(step, convolution->scratch));
  if (!b) {
    b = direction == maxnorm_convolution_forward ? convolution->zeros : convolution->spare;
  }
  float *const arrays[operand_count] = {x, w, b, y};
  dnnl_exec_arg_t arguments[operand_count + 1];
  int count = 0;
  for (int index = 0; index < operand_count; index++) {
    operand *operand = &step->operands[index];
    if (!operand->used) continue;
    TRY(dnnl_memory_set_data_handle(operand->given, arrays[index]));
    if (operand->reorder && !operand->written) TRY(reorder(operand, convolution->stream));
    arguments[count].arg = operand->argument;
    arguments[count++].memory = operand->chosen ? operand->chosen : operand->given;
  }
  if (step->workspace) {
    arguments[count].arg = DNNL_ARG_SCRATCHPAD;
    arguments[count++].memory = step->workspace;
  }
  TRY(dnnl_primitive_execute(step->primitive, convolution->stream, count, arguments));
  for (int index = 0; index < operand_count; index++) {
    const operand *operand = &step->operands[index];
    if (operand->reorder && operand->written) TRY(reorder(operand, convolution->stream));
  }
  return dnnl_stream_wait(convolution->stream);
}

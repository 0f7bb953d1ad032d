// Convolutions of images through oneDNN's primitives, which differ between its versions 2 and 3.
#ifndef MAXNORM_CONEDNN_CONVOLUTION_H
#define MAXNORM_CONEDNN_CONVOLUTION_H

#include <stdint.h>

/// Sizes of one convolution, all but the number of images. Paddings are not negative; the output
/// has (size + both paddings - kernel) / stride + 1 places in each direction, rounded down.
typedef struct {
  int64_t channels, height, width;
  int64_t outputs, output_height, output_width;
  int64_t kernel_height, kernel_width;
  int64_t stride;
  int64_t padding_top, padding_left, padding_bottom, padding_right;
  /// How many channels of input and output lie side by side: 1, 8 or 16, a divisor of their number.
  int64_t input_block, output_block;
} maxnorm_convolution_shape;

/// What is computed: the output, the input's gradient, or the gradients of weights and bias.
typedef enum {
  maxnorm_convolution_forward,
  maxnorm_convolution_input_gradient,
  maxnorm_convolution_weight_gradient,
} maxnorm_convolution_direction;

/// A convolution with what oneDNN prepared for it. To be used by one thread at a time.
typedef struct maxnorm_convolution maxnorm_convolution;

/// The block that oneDNN computes in on this processor; 1 if it is neither 8 nor 16.
int64_t maxnorm_convolution_best_block(void);

/// Returns NULL if there is no memory for it.
maxnorm_convolution *maxnorm_convolution_create(maxnorm_convolution_shape shape);
void maxnorm_convolution_destroy(maxnorm_convolution *convolution);

/// Prepares one direction for a number of images and the calling thread's OpenMP count, so that
/// running it allocates nothing of size. Returns 0, or oneDNN's status.
int maxnorm_convolution_prepare(
    maxnorm_convolution *convolution, maxnorm_convolution_direction direction, int64_t rows);

/// Runs one direction: input [rows, channels / block, height, width, block], output
/// [rows, outputs / block, output_height, output_width, block], each with its own block, weights
/// [outputs, channels, kernel_height, kernel_width], bias [outputs] or NULL (no bias; its gradient is not wanted). The direction
/// overwrites its results and reads the rest. Prepares what is not prepared. Returns 0, or oneDNN's
/// status.
int maxnorm_convolution_run(
    maxnorm_convolution *convolution, maxnorm_convolution_direction direction, int64_t rows,
    float *input, float *weights, float *bias, float *output);

#endif

// The tables of other frameworks' names: what a thing is called here, and its names elsewhere.
import NeuralNetwork

extension ForeignNames {
  // MARK: Settings

  /// Keys of an experiment, wherever their other names are met.
  static let settings = table([
    "optimizer.learning_rate":
      "lr learning_rate eta eta0 lr0 base_lr init_lr initial_lr initial_learning_rate",
    "optimizer.learning_rate":
      "learning_rate_init max_lr peak_lr",
    "constraint.max_norm":
      "r c max_norm max_value maxnorm max_norm_value norm_limit weight_constraint kernel_constraint",
    "constraint.max_norm":
      "clip_weights weight_clip ceiling radius maxnorm_constraint",
    "batch":
      "batch_size bs mini_batch minibatch minibatch_size train_batch_size batches",
    "batch":
      "per_device_train_batch_size",
    "epochs":
      "max_epochs n_epochs num_epochs nb_epoch nb_epochs epoch num_train_epochs total_epochs max_iter",
    "epochs":
      "n_epoch num_epoch train_epochs",
    "steps":
      "max_steps total_steps num_steps n_steps iterations iters max_iters max_iterations n_iter",
    "steps":
      "num_iterations training_steps train_steps num_training_steps",
    "seed": "random_state random_seed manual_seed rng_seed rng seed_everything data_seed",
    "optimizer.weight_decay":
      "weight_decay wd l2 l2_reg l2_regularization lambda_l2 l2_lambda reg_lambda kernel_regularizer",
    "optimizer.l1": "l1 l1_reg l1_regularization lambda_l1 l1_lambda reg_alpha",
    "optimizer.momentum": "momentum mu",
    "optimizer.betas": "betas beta beta1 beta2 beta_1 beta_2 adam_beta1 adam_beta2 adam_betas",
    "optimizer.epsilon": "eps epsilon adam_epsilon adam_eps",
    "optimizer.alpha": "rho smoothing_constant",
    "optimizer.nesterov": "nesterov use_nesterov nesterovs_momentum",
    "gradient_clip.norm":
      "clipnorm global_clipnorm clip_norm clip_grad clip_grad_norm grad_clip grad_clip_norm",
    "gradient_clip.norm":
      "gradient_clip_norm gradient_clipping gradient_clip_val max_grad_norm grad_norm_clip",
    "gradient_clip.norm":
      "clip_gradients",
    "gradient_clip.value": "clipvalue clip_value clip_grad_value grad_clip_value",
    "schedule":
      "scheduler lr_scheduler lr_schedule lr_scheduler_type lr_policy learning_rate_schedule",
    "schedule.factor": "factor gamma decay_rate lr_decay lr_gamma drop_factor lr_decay_rate",
    "schedule.total": "total t_max decay_steps cycle_length",
    "schedule.every": "every step_size lr_step_size decay_every",
    "schedule.minimum": "minimum eta_min min_lr lr_min end_lr final_lr",
    "schedule.warmup":
      "warmup warmup_steps num_warmup_steps warmup_iters warmup_epochs n_warmup_steps",
    "loss": "criterion loss_fn loss_func loss_function objective",
    "model": "layers net network architecture hidden_layer_sizes arch backbone",
    "data": "dataset datasets train_data data_path data_dir training_data dataset_name",
    "optimizer": "optim opt solver optimiser",
    "data.validation":
      "validation_split val_split val_size validation_fraction val_fraction valid_pct",
    "data.validation":
      "validation_size",
    "data.test": "test_size test_split test_fraction test_part holdout",
    "stopping.patience":
      "patience early_stopping early_stop early_stopping_rounds early_stopping_patience n_iter_no_change",
    "evaluate_every":
      "check_val_every_n_epoch eval_every validation_freq eval_interval val_check_interval",
    "evaluate_every":
      "eval_steps eval_freq",
    "label_smoothing": "label_smoothing_factor smoothing",
    "name": "experiment_name run_name experiment",
    "pace": "steps_per_second speed",
  ])

  /// What has no key here, or not one alone.
  static let generalRemarks = table([
    "weight decay is optimizer.weight_decay, a penalty on sizes optimizer.l1":
      "lambda lambd lam penalty regularizer regularization reg alpha",
    "weight decay is optimizer.weight_decay, a falling learning rate schedule": "decay",
    "it is a layer of its own in model, such as - dropout: 0.5":
      "dropout dropout_rate drop p keep_prob drop_rate",
    "it is a layer of its own in model, such as - relu": "activation activations act nonlinearity",
    "sizes stand in the layers of model, such as dense: {units: 64} or lstm: {hidden: 64}":
      "units hidden_size hidden_dim hidden hidden_units num_layers n_layers filters kernel_size",
    "sizes stand in the layers of model, such as dense: {units: 64} or lstm: {hidden: 64}":
      "out_features out_channels num_units width depth",
    "sizes of inputs come from the data: leave it out":
      "input_size input_dim input_shape in_features in_channels num_features",
    "tables of tokens are layers: embedding: {vocabulary: N, size: 64}":
      "num_embeddings embedding_dim embed_dim vocab_size d_model",
    "it comes from the data: leave it out": "num_classes n_classes output_size num_labels",
    "stopping: {patience: N} ends a run early, and --save-best keeps the weights of the best evaluation":
      "callbacks",
    "it trains on the processor: --threads N": "device gpu gpus cuda accelerator devices",
    "it is an option of run: --threads N": "num_threads num_workers workers n_jobs",
    "it is an option of run: --log-every N":
      "log_every log_every_n_steps logging_steps log_interval log_freq",
  ])

  /// Options by other names.
  static let options = table([
    "--log FILE": "output out log_file logfile output_file record",
    "--tensorboard FOLDER": "logdir log_dir tb tensorboard_dir",
    "--init FILE": "weights pretrained load load_weights init_weights",
    "--save FILE": "save_weights save_model save_path output_model",
    "--save-best FILE": "best save_best_only save_best_model",
    "--resume FILE": "resume_from restore resume_from_checkpoint ckpt_path",
    "--checkpoint FILE": "ckpt checkpoint_path checkpoint_file",
    "--checkpoint-every N": "save_steps save_every save_freq checkpoint_interval",
    "--no-max-norm": "no_constraint unconstrained no_maxnorm",
    "--headless": "no_ui no_gui no_tui batch_mode quiet silent no_screen",
    "the EXPERIMENT itself, without an option": "config cfg config_file experiment yaml",
  ])

  /// Keys below `data`.
  static let dataKeys = table([
    "data.csv": "file path filename file_name data_path csv_file filepath",
    "data.source": "name dataset dataset_name set",
    "data.target":
      "label labels label_column target_column class_column y y_col target_name output",
    "data.inputs": "features feature_columns x x_cols input_columns",
    "data.column": "value_column series",
    "data.separator": "sep delimiter delim",
    "data.missing_values": "na_values null_values",
    "data.missing": "fillna impute imputer na",
    "data.standardize": "normalize normalise standardise scale scaler zscore normalization",
    "data.window":
      "sequence_length seq_len seq_length lookback look_back window_size block_size context_length bptt",
    "data.horizon": "forecast_horizon steps_ahead prediction_length",
    "data.classes": "num_classes n_classes",
    "data.ignore": "drop drop_columns exclude ignore_columns skip",
    "data.train": "n_samples num_samples subset train_size n_train limit",
    "data.task": "type problem_type mode problem",
    "data.season": "seasonality period season_length",
    "data.group": "groups group_column group_col subject subject_column patient patient_column",
  ])

  static let scheduleKeys = table([
    "schedule.name": "type kind policy",
    "schedule.minimum": "alpha",
  ])

  // MARK: Keys of other kinds

  static let scheduleRemarks = table([
    "step, exponential and inverse_time have it: set schedule.name": "every factor",
    "cosine has it: set schedule.name": "minimum total",
    "a list of steps is not there: schedule: {name: step, every: N, factor: 0.1}": "milestones",
  ])

  // MARK: Layers

  static let layerRemarks = table([
    "it is a layer of its own behind this one, such as - relu": "activation act nonlinearity",
    "it is a layer of its own behind this one, such as - dropout: 0.5":
      "dropout recurrent_dropout dropout_rate",
    "sizes of inputs come from the data: leave it out":
      "in_features in_channels input_size input_shape in_dim num_features input_channels n_inputs "
      + "normalized_shape num_channels",
    "here it is rate, the share that is left out": "keep_prob",
    "weight decay is optimizer.weight_decay, for all layers":
      "kernel_regularizer l2 weight_decay regularizer recurrent_regularizer",
    "initial weights follow PyTorch's defaults, or come from --init FILE":
      "kernel_initializer initializer init weight_init bias_initializer",
    "sequences come as [examples, steps, features]: leave it out": "batch_first time_major",
    "there is none here: leave it out":
      "dilation groups affine elementwise_affine center scale track_running_stats stateful axis inplace",
  ])

  /// What is not a single layer here; each layer's own foreign names are in its file.
  static let otherLayerKinds: [(key: String, names: String)] = [
    ("lstm: {bidirectional: true}", "bilstm blstm bidirectional"),
    ("keep, then concatenate", "concat cat merge skip_connection"),
    ("keep, then add", "residual shortcut skip res_block"),
    ("the activation's own name, such as relu", "activation act nonlinearity"),
    ("constraint.max_norm, or max_norm of a layer", "max_norm maxnorm constraint"),
  ]

  static let layerKindRemarks = table([
    "convolutions are conv2d, for images; rnn, lstm and gru read sequences": "conv1d conv3d",
    "what normalizes here is \(layers(.normalization))": "instancenorm rmsnorm",
    "the activations here are \(layers(.activation))":
      "selu prelu mish relu6 hardtanh softplus softsign celu hardswish rrelu",
    "leave it out: loss cross_entropy takes what comes before it": "softmax logsoftmax log_softmax",
    "there is none here; rnn, lstm and gru read sequences":
      "attention transformer multihead_attention self_attention",
    "leave it out: sizes of inputs come from the data": "input inputlayer input_layer",
  ])

  // MARK: Values

  static let losses = table([
    "cross_entropy":
      "ce xent categorical_crossentropy sparse_categorical_crossentropy crossentropyloss",
    "cross_entropy":
      "cross_entropy_loss softmax_cross_entropy nll nll_loss nllloss negative_log_likelihood log_loss",
    "cross_entropy":
      "logloss logistic softmax classification",
    "binary_cross_entropy":
      "bce bceloss bce_loss binary_crossentropy bce_with_logits bcewithlogitsloss",
    "binary_cross_entropy":
      "sigmoid_cross_entropy",
    "mse": "mean_squared_error mseloss l2 l2_loss squared_error squared_loss regression quadratic",
  ])

  static let lossRemarks = table([
    "the loss for numbers is mse":
      "mae l1 l1_loss l1loss mean_absolute_error huber smooth_l1 smoothl1loss rmse mape absolute_error",
    "the loss for classes is cross_entropy":
      "hinge hinge_loss focal focal_loss kl_div kldivloss kl dice",
  ])

  static let schedules = table([
    "constant": "none fixed constant_with_warmup constantlr",
    "step": "steplr multisteplr multi_step step_decay piecewise piecewise_constant",
    "cosine": "cosineannealinglr cosine_annealing cosineannealing cosine_decay cosinedecay coslr",
    "exponential": "exponentiallr exponential_decay exponentialdecay exp",
    "inverse_time": "inversetimedecay inverse_time_decay invscaling inv",
  ])

  static let scheduleNameRemarks = table([
    "the schedules here are constant, step, cosine, exponential and inverse_time":
      "linear linearlr polynomial poly polynomiallr onecycle one_cycle onecyclelr reduce_on_plateau",
    "the schedules here are constant, step, cosine, exponential and inverse_time":
      "reducelronplateau plateau cyclic cycliclr",
  ])
}

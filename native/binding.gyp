{
  # node-gyp rebuild -C native: the addon (Node's front door) and the same core as a shared library (koffi's).
  'target_defaults': {
    'defines': ['NAPI_VERSION=8'],
    'cflags': ['-fvisibility=hidden', '-Wall', '-Wextra'],
    'cflags_cc': ['-std=c++17', '-fvisibility-inlines-hidden', '-fexceptions', '-Wno-missing-field-initializers', '-Wno-unused-parameter'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti'],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++17',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'MACOSX_DEPLOYMENT_TARGET': '11.0'
    },
    'conditions': [
      # Never unmapped: the library's threads call into it after the environment that loaded it is gone.
      ['OS=="linux"', { 'ldflags': ['-Wl,-z,nodelete', '-Wl,-z,defs', '-Wl,-z,relro,-z,now', '-Wl,--as-needed'], 'libraries': ['-ldl', '-lpthread'] }]
    ]
  },
  'variables': {
    'core': [
      'src/abi.cc',
      'src/arguments.cc',
      'src/base64.cc',
      'src/bridge.cc',
      'src/dispatcher.cc',
      'src/event_queue.cc',
      'src/host.cc',
      'src/library.cc',
      'src/node_context.cc',
      'src/pace.cc',
      'src/pacer.cc',
      'src/repetitions.cc',
      'src/request.cc',
      'src/session.cc',
      'src/signals.cc',
      'src/sockets.cc',
      'src/stay.cc'
    ]
  },
  'targets': [
    {
      'target_name': 'waku_addon',
      'sources': ['src/addon.cc', '<@(core)'],
      'include_dirs': ['<!@(node -p "require(\'node-addon-api\').include")'],
      'defines': [
        'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
        'NODE_ADDON_API_DISABLE_DEPRECATED',
        # A worker that is terminated in the middle of a call can take no exception; without this the process aborts.
        'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS'
      ],
      'ldflags!': ['-Wl,-z,defs']
    },
    {
      'target_name': 'waku_bridge',
      'type': 'shared_library',
      'sources': ['<@(core)'],
      'defines': ['WAKU_BRIDGE_SHARED'],
      'product_prefix': 'lib',
      'product_dir': '<(PRODUCT_DIR)'
    }
  ]
}

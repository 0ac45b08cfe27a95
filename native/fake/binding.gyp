{
  # Tests only: node-gyp rebuild -C native/fake. One source, one library per generation of the ABI.
  'target_defaults': {
    'sources': ['fake_libwaku.c', 'fake_node.c', 'fake_network.c', 'fake_text.c'],
    'cflags': ['-std=gnu11', '-fvisibility=hidden', '-Wall', '-Wextra', '-pthread'],
    'xcode_settings': { 'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES', 'MACOSX_DEPLOYMENT_TARGET': '11.0' },
    'conditions': [['OS=="linux"', { 'ldflags': ['-pthread', '-Wl,-z,defs'] }]]
  },
  'targets': [
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_a', 'defines': ['GENERATION=1'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_b', 'defines': ['GENERATION=2'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_c', 'defines': ['GENERATION=3'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_unknown', 'defines': ['GENERATION=4'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_c1', 'defines': ['GENERATION=5'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_b_prime', 'defines': ['GENERATION=6'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_c0', 'defines': ['GENERATION=7'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_a_and_b', 'defines': ['GENERATION=8'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] },
    { 'type': 'shared_library', 'product_prefix': 'lib', 'product_dir': '<(PRODUCT_DIR)', 'target_name': 'fake_c_incomplete', 'defines': ['GENERATION=9'], 'sources!': ['fake_node.c', 'fake_network.c', 'fake_text.c'] }
  ]
}

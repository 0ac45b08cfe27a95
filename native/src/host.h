#pragma once

#include <cstdint>

#include "bridge.h"

namespace waku_bridge {

/** As wb_host_serve says. Throws std::bad_alloc. */
wb_status serveHost(const char* path, int32_t& descriptor);

}  // namespace waku_bridge

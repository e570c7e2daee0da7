// The Qt resource system registers itself; this file gives the library a symbol to link against.
namespace hone {
void linkResources() {}
}  // namespace hone

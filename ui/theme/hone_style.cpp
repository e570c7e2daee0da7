#include "ui/theme/hone_style.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace hone::ui {

HoneStyle::HoneStyle() : QProxyStyle(QStyleFactory::create("Fusion")) {}

int HoneStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
        case PM_ListViewIconSize:
        case PM_TabBarIconSize: return 16;
        case PM_ToolBarIconSize: return 20;
        case PM_SplitterWidth: return 1;
        case PM_TreeViewIndentation: return 16;
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical: return 0;
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing: return space::kGap;
        default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize HoneStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                  const QWidget* widget) const {
    const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
    return type == CT_ItemViewItem ? base.expandedTo({0, space::kRow}) : base;
}

int HoneStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                         QStyleHintReturn* returnData) const {
    switch (hint) {
        case SH_ComboBox_Popup: return 0;  // A list under the box, not a menu over it.
        case SH_EtchDisabledText:
        case SH_DitherDisabledText:
        case SH_Widget_Animation_Duration: return 0;  // Nothing moves unless it carries information.
        case SH_ToolTip_WakeUpDelay: return 450;
        case SH_ScrollBar_LeftClickAbsolutePosition:
        case SH_ItemView_ShowDecorationSelected: return 1;
        case SH_DialogButtonBox_ButtonsHaveIcons: return 0;
        default: return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

void HoneStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    switch (element) {
        case PE_IndicatorBranch: {
            if (!(option->state & State_Children))
                return;
            QRect box(0, 0, 12, 12);
            box.moveCenter(option->rect.center());
            icon(option->state & State_Open ? "chevron-down" : "chevron-right", Role::Muted)
                .paint(painter, box);
            return;
        }
        case PE_FrameFocusRect: {
            if (!(option->state & State_KeyboardFocusChange))
                return;
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(color(Role::Accent), 2));
            painter->drawRoundedRect(QRectF(option->rect).adjusted(1, 1, -1, -1), 4, 4);
            painter->restore();
            return;
        }
        case PE_PanelScrollAreaCorner: painter->fillRect(option->rect, Qt::transparent); return;
        default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

}  // namespace hone::ui

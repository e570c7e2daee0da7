#pragma once

#include <string_view>

/// What the shop is made of. Adding to a list changes every shop of a seed: raise kShopVersion.
namespace hone::data::shop {

inline constexpr int kShopVersion = 1;

inline constexpr std::string_view kFirstNames[] = {
    "Amélie", "Noah",   "Sofia", "Liam",   "Yuki",   "Mateo",  "Aisha",  "Lukas",  "Ingrid", "Omar",
    "Chloé",  "Daniel", "Priya", "Jonas",  "Maria",  "Wei",    "Fatima", "Hugo",   "Elena",  "Kofi",
    "Anna",   "Tomás",  "Hana",  "Felix",  "Zeynep", "Ivan",   "Grace",  "Rafael", "Nora",   "Arjun",
    "Emma",   "Paweł",  "Lucía", "Oskar",  "Mei",    "Samuel", "Leila",  "Björn",  "Julia",  "Thabo",
    "Clara",  "Marco",  "Amara", "Viktor", "Isabel", "Henry",  "Sana",   "Pedro",  "Astrid", "Kenji"};

inline constexpr std::string_view kLastNames[] = {
    "Martin",   "Schmidt", "García",  "Rossi",    "Nowak",     "Silva",   "Tanaka", "Müller",   "Kim",
    "Okafor",   "Dubois",  "Jensen",  "Novák",    "Andersson", "Costa",   "Yılmaz", "Patel",    "O'Brien",
    "Kowalski", "Fischer", "Moreau",  "Santos",   "Weber",     "Ivanova", "Chen",   "López",    "Haddad",
    "Virtanen", "Mensah",  "Ricci",   "Bauer",    "Singh",     "Laurent", "Horvat", "Nakamura", "Keller",
    "Dlamini",  "Berg",    "Popescu", "Ferreira", "Walker",    "Nguyen",  "Visser", "Marino",   "Lindqvist",
    "Evans",    "Rahman",  "Torres",  "Wójcik",   "Larsen"};

struct City {
    std::string_view name, country;
};
/// Larger cities first: customers live in the first ones most often.
inline constexpr City kCities[] = {
    {"Berlin", "DE"},    {"Paris", "FR"},   {"London", "GB"},    {"Madrid", "ES"},     {"Rome", "IT"},
    {"Amsterdam", "NL"}, {"Vienna", "AT"},  {"Warsaw", "PL"},    {"New York", "US"},   {"Tokyo", "JP"},
    {"Toronto", "CA"},   {"Lisbon", "PT"},  {"Stockholm", "SE"}, {"Copenhagen", "DK"}, {"Zürich", "CH"},
    {"Prague", "CZ"},    {"Dublin", "IE"},  {"Hamburg", "DE"},   {"Munich", "DE"},     {"Lyon", "FR"},
    {"Barcelona", "ES"}, {"Milan", "IT"},   {"São Paulo", "BR"}, {"Mumbai", "IN"},     {"Sydney", "AU"},
    {"Cape Town", "ZA"}, {"Seoul", "KR"},   {"Helsinki", "FI"},  {"Oslo", "NO"},       {"Brussels", "BE"},
    {"Kraków", "PL"},    {"Porto", "PT"},   {"Graz", "AT"},      {"Ghent", "BE"},      {"Leipzig", "DE"},
    {"Nantes", "FR"},    {"Utrecht", "NL"}, {"Malmö", "SE"},     {"Tampere", "FI"},    {"Galway", "IE"}};

struct Category {
    std::string_view name;
    std::string_view things[6];
    double lowPrice, highPrice;
};
inline constexpr Category kCategories[] = {
    {"Books", {"Novel", "Cookbook", "Travel Guide", "Notebook", "Atlas", "Biography"}, 6, 45},
    {"Kitchen", {"Pan", "Kettle", "Chef's Knife", "Mug", "Cutting Board", "Coffee Grinder"}, 8, 180},
    {"Garden", {"Watering Can", "Rake", "Planter", "Pruning Shears", "Bench", "Lantern"}, 9, 240},
    {"Electronics", {"Headphones", "Keyboard", "Monitor", "Speaker", "Charger", "Camera"}, 15, 900},
    {"Furniture", {"Chair", "Desk", "Bookcase", "Lamp", "Sofa", "Side Table"}, 25, 1200},
    {"Clothing", {"Jacket", "Sweater", "Shirt", "Scarf", "Boots", "Cap"}, 12, 260},
    {"Toys", {"Puzzle", "Kite", "Board Game", "Train Set", "Plush Bear", "Building Blocks"}, 7, 120},
    {"Sports", {"Bicycle Helmet", "Yoga Mat", "Tent", "Running Shoes", "Dumbbell", "Backpack"}, 10, 320},
    {"Beauty", {"Soap", "Hand Cream", "Shampoo", "Perfume", "Brush", "Candle"}, 4, 95},
    {"Office", {"Pen", "Stapler", "Desk Organiser", "Whiteboard", "Paper", "Calculator"}, 2, 110}};

inline constexpr std::string_view kAdjectives[] = {"Classic", "Compact", "Everyday", "Nordic",
                                                   "Modern",  "Rustic",  "Travel",   "Premium",
                                                   "Light",   "Outdoor", "Slim",     "Vintage"};
inline constexpr std::string_view kMaterials[] = {"Oak",      "Steel",   "Linen",  "Bamboo",
                                                  "Leather",  "Ceramic", "Glass",  "Wool",
                                                  "Recycled", "Copper",  "Cotton", "Cork"};
inline constexpr std::string_view kSelling[] = {
    "Made to be used every day and repaired when needed.",
    "Designed with people who use it for a living.",
    "Ships in plain cardboard, without plastic.",
    "The finish gets better with age.",
    "Tested for ten years of normal use.",
    "A small gift that is hard to get wrong.",
    "Fits where larger ones do not.",
    "Spare parts are available for at least eight years.",
    "Every piece is checked by hand before it leaves the workshop.",
    "Easy to clean, easy to store, easy to like."};

inline constexpr std::string_view kStatuses[] = {"delivered", "delivered", "delivered", "delivered",
                                                 "delivered", "shipped",   "paid",      "cancelled"};
inline constexpr std::string_view kPayments[] = {"card", "card", "card", "paypal", "invoice", "transfer"};

/// Titles and sentences by rating, 1 to 5 stars.
inline constexpr std::string_view kTitles[5][3] = {{"Disappointed", "Sent it back", "Not as described"},
                                                   {"Could be better", "Not for me", "Expected more"},
                                                   {"It is fine", "Does the job", "Average"},
                                                   {"Good value", "Happy with it", "Would buy again"},
                                                   {"Excellent", "Exactly what I wanted", "Love it"}};
inline constexpr std::string_view kOpinions[5][4] = {
    {"It broke within a week.", "The colour is nothing like the photo.", "Support never answered my message.",
     "It smells of glue and does not stop."},
    {"The idea is good, the making is not.", "One corner was damaged on arrival.",
     "It is smaller than it looks.", "For this price I expected better material."},
    {"It works, no more and no less.", "Delivery took two weeks, but it arrived.",
     "The manual could be clearer.", "Some rough edges, nothing serious."},
    {"Solid and simple to use.", "Arrived a day early, well packed.", "My second one, the first still works.",
     "Slightly heavy, otherwise very good."},
    {"I use it every single day.", "Better than the one that costs twice as much.",
     "The whole family likes it.", "Beautifully made, you feel it at once."}};

}  // namespace hone::data::shop
